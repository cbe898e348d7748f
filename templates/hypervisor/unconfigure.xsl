<?xml version="1.0" encoding="UTF-8"?>
<!-- Takes away from a domain what only @NAME@ can give it, after unconfigure-common.xsl has taken away what no other
     hypervisor can use. Everything that is not named is copied as it is. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>
  <xsl:strip-space elements="*"/>

  <xsl:template match="@* | node()">
    <xsl:copy>
      <xsl:apply-templates select="@* | node()"/>
    </xsl:copy>
  </xsl:template>

  <!-- A video card that only it has becomes one that every machine has. -->
  <xsl:template match="/domain/devices/video[model/@type = '@NAME@']">
    <video>
      <model type="vga"/>
    </video>
  </xsl:template>
</xsl:stylesheet>
