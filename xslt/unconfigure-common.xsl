<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     What every stylesheet that takes a domain away from its hypervisor begins with; each imports this one and adds what has to be
     written in another way. Everything that is not named is copied as it is: portable.xsl comes after them all, and leaves out
     what is known to no other host. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>
  <xsl:strip-space elements="*"/>

  <xsl:param name="facts" select="/.."/>

  <xsl:template match="@* | node()">
    <xsl:copy>
      <xsl:apply-templates select="@* | node()"/>
    </xsl:copy>
  </xsl:template>

  <!-- It is no longer a domain of that hypervisor. -->
  <xsl:template match="/domain/@type | /domain/@id"/>
</xsl:stylesheet>
