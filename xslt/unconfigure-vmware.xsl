<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     Says in general words what a domain of VMware says in its own. What only VMware has is left out by portable.xsl. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:import href="unconfigure-common.xsl"/>
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>

  <!-- libvirt writes two numbers of VMware as they are, one after the other. The identifier has the bytes that they have in memory.
       What this program reads of VMware's own files has it right. -->
  <xsl:template match="/domain/genid">
    <xsl:variable name="digits" select="translate(normalize-space(), '-', '')"/>
    <xsl:choose>
      <xsl:when test="starts-with($facts/target/@source, 'libvirt') and string-length($digits) = 32">
        <genid>
          <xsl:value-of select="concat(substring($digits, 9, 8), '-', substring($digits, 5, 4), '-', substring($digits, 1, 4), '-',
                                       substring($digits, 31, 2), substring($digits, 29, 2), '-',
                                       substring($digits, 27, 2), substring($digits, 25, 2), substring($digits, 23, 2),
                                       substring($digits, 21, 2), substring($digits, 19, 2), substring($digits, 17, 2))"/>
        </genid>
      </xsl:when>
      <xsl:otherwise><xsl:copy-of select="."/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Its memory balloon is not told of, or is "none": the target has one of its own. -->
  <xsl:template match="/domain/devices/memballoon"/>
</xsl:stylesheet>
