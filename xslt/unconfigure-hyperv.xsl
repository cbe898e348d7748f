<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     Takes away from a domain what only Hyper-V can give it. What is left describes the guest's
     hardware in general; a configure-* stylesheet makes it fit a target. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:import href="unconfigure-common.xsl"/>
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>

  <!-- Its enlightenments stay: the target has them too, and Windows goes faster with them. -->

  <!-- Every guest has a screen, which the document does not have to speak of. -->
  <xsl:template match="/domain/devices">
    <xsl:copy>
      <xsl:apply-templates select="@* | node()"/>
      <xsl:if test="not(graphics)">
        <graphics type="vnc" autoport="yes"/>
      </xsl:if>
    </xsl:copy>
  </xsl:template>
</xsl:stylesheet>
