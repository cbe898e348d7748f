<?xml version="1.0" encoding="UTF-8"?>
<!-- Replaces @NAME@'s own terms in the domain with general ones, and copies everything else. What other hosts do not know is
     left out afterwards. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>
  <xsl:strip-space elements="*"/>

  <xsl:template match="@* | node()">
    <xsl:copy>
      <xsl:apply-templates select="@* | node()"/>
    </xsl:copy>
  </xsl:template>

  <!-- The new domain is no longer one of @NAME@. -->
  <xsl:template match="/domain/@type | /domain/@id"/>

  <!-- Consoles of @NAME@ become serial consoles. -->
  <xsl:template match="/domain/devices/console/target/@type[. = '@NAME@']">
    <xsl:attribute name="type">serial</xsl:attribute>
  </xsl:template>
</xsl:stylesheet>
