<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     Says in general words what a domain of Xen says in its own. What only Xen has is left out by portable.xsl. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:import href="unconfigure-common.xsl"/>
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>

  <!-- A paravirtual domain has consoles of Xen's own, whatever they are called. -->
  <xsl:variable name="paravirtual" select="not(normalize-space(/domain/os/type) = 'hvm')"/>

  <xsl:template match="/domain/devices/console">
    <xsl:if test="not($paravirtual or target/@type = 'xen')">
      <xsl:copy>
        <xsl:apply-templates select="@* | node()"/>
      </xsl:copy>
    </xsl:if>
  </xsl:template>

  <!-- Its screen of a paravirtual guest is no card. -->
  <xsl:template match="/domain/devices/video[model/@type = 'xen']"/>

  <!-- Formats of images have names of their own. -->
  <xsl:template match="/domain/devices/disk/driver/@type[. = 'aio']">
    <xsl:attribute name="type">raw</xsl:attribute>
  </xsl:template>
  <xsl:template match="/domain/devices/disk/driver/@type[. = 'vhd']">
    <xsl:attribute name="type">vpc</xsl:attribute>
  </xsl:template>
</xsl:stylesheet>
