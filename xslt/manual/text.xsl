<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     A page (xslt/manual/common.xsl) for a terminal. The program breaks long lines, and keeps their indent. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="xml" encoding="UTF-8"/>
  <xsl:strip-space elements="page p item body line"/>

  <xsl:param name="facts" select="/.."/>

  <xsl:variable name="small" select="'abcdefghijklmnopqrstuvwxyz'"/>
  <xsl:variable name="capital" select="'ABCDEFGHIJKLMNOPQRSTUVWXYZ'"/>

  <xsl:template match="/page">
    <text><xsl:apply-templates/></text>
  </xsl:template>

  <xsl:template match="h1 | h2 | p">
    <xsl:if test="preceding-sibling::*[1][self::p or self::item]"><xsl:text>&#10;</xsl:text></xsl:if>
    <xsl:choose>
      <xsl:when test="self::h1"><xsl:value-of select="translate(., $small, $capital)"/></xsl:when>
      <xsl:when test="self::h2"><xsl:value-of select="."/></xsl:when>
    </xsl:choose>
    <xsl:if test="not(self::p)"><xsl:text>&#10;</xsl:text></xsl:if>
    <xsl:apply-templates select="line"/>
  </xsl:template>

  <xsl:template match="term">
    <xsl:value-of select="concat('  ', ., '&#10;')"/>
  </xsl:template>

  <xsl:template match="line[s]">
    <xsl:choose>
      <xsl:when test="parent::body"><xsl:text>      </xsl:text></xsl:when>
      <xsl:otherwise><xsl:text>  </xsl:text></xsl:otherwise>
    </xsl:choose>
    <xsl:for-each select="s">
      <xsl:if test="position() &gt; 1"><xsl:text> </xsl:text></xsl:if>
      <xsl:value-of select="."/>
    </xsl:for-each>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>
</xsl:stylesheet>
