<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     Says in general words what a domain of Hyper-V says in its own. What only Hyper-V has is left out by portable.xsl. Its
     enlightenments stay: the target has them too, and Windows goes faster with them. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:import href="unconfigure-common.xsl"/>
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>

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
