<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     Marks the domain as one of Acme Linux, unless it is marked already. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:acme="https://acme.example/guest">
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>

  <xsl:param name="facts" select="/.."/>

  <xsl:template match="@* | node()">
    <xsl:copy>
      <xsl:apply-templates select="@* | node()"/>
    </xsl:copy>
  </xsl:template>

  <xsl:template name="mark">
    <acme:guest version="{$facts/os/@version}"/>
  </xsl:template>

  <xsl:template match="/domain[not(metadata)]">
    <xsl:copy>
      <xsl:apply-templates select="@* | node()"/>
      <metadata>
        <xsl:call-template name="mark"/>
      </metadata>
    </xsl:copy>
  </xsl:template>

  <xsl:template match="/domain/metadata[not(acme:guest)]">
    <xsl:copy>
      <xsl:apply-templates select="@* | node()"/>
      <xsl:call-template name="mark"/>
    </xsl:copy>
  </xsl:template>
</xsl:stylesheet>
