<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     Takes away from a domain what only VirtualBox can give it. What is left describes the guest's
     hardware in general; a configure-* stylesheet makes it fit a target. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:import href="unconfigure-common.xsl"/>
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>

  <xsl:template match="/domain/devices/video[model/@type = 'vbox']">
    <video>
      <model type="vga"/>
    </video>
  </xsl:template>

  <!-- Networks between guests of one host have a name there and nothing else. -->
  <xsl:template match="/domain/devices/interface[@type = 'internal']">
    <interface type="network">
      <xsl:apply-templates select="mac"/>
      <source network="{source/@name}"/>
      <xsl:apply-templates select="node()[not(self::mac or self::source)]"/>
    </interface>
  </xsl:template>
</xsl:stylesheet>
