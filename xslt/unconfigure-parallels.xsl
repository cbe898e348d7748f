<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     Takes away from a domain what only Parallels can give it. What is left describes the guest's
     hardware in general; a configure-* stylesheet makes it fit a target. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:import href="unconfigure-common.xsl"/>
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>

  <xsl:template match="/domain/devices/video[model/@type = 'parallels']">
    <video>
      <model type="vga"/>
    </video>
  </xsl:template>
  <xsl:template match="/domain/devices/input[@bus = 'parallels']"/>
</xsl:stylesheet>
