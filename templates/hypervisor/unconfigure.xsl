<?xml version="1.0" encoding="UTF-8"?>
<!-- Says in general words what a domain of @NAME@ says in its own. Everything that is not named is copied as it is: what no
     other host knows is left out afterwards. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>
  <xsl:strip-space elements="*"/>

  <xsl:template match="@* | node()">
    <xsl:copy>
      <xsl:apply-templates select="@* | node()"/>
    </xsl:copy>
  </xsl:template>

  <!-- It is no longer a domain of @NAME@. -->
  <xsl:template match="/domain/@type | /domain/@id"/>

  <!-- Its consoles become serial ones. -->
  <xsl:template match="/domain/devices/console/target/@type[. = '@NAME@']">
    <xsl:attribute name="type">serial</xsl:attribute>
  </xsl:template>
</xsl:stylesheet>
