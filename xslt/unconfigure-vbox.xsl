<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     Says in general words what a domain of VirtualBox says in its own. What only VirtualBox has is left out by portable.xsl. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:import href="unconfigure-common.xsl"/>
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>

  <!-- Networks between guests of one host have a name there and nothing else. -->
  <xsl:template match="/domain/devices/interface[@type = 'internal']">
    <interface type="network">
      <xsl:apply-templates select="mac"/>
      <source network="{source/@name}"/>
      <xsl:apply-templates select="node()[not(self::mac or self::source)]"/>
    </interface>
  </xsl:template>
</xsl:stylesheet>
