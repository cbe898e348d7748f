<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     A page (xslt/manual/common.xsl) as source for man. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="xml" encoding="UTF-8"/>
  <xsl:strip-space elements="page p item body line"/>

  <xsl:param name="facts" select="/.."/>

  <xsl:variable name="small" select="'abcdefghijklmnopqrstuvwxyz'"/>
  <xsl:variable name="capital" select="'ABCDEFGHIJKLMNOPQRSTUVWXYZ'"/>
  <xsl:variable name="apostrophe">'</xsl:variable>
  <!-- Characters that man prints as others, or takes for a command. -->
  <xsl:variable name="special" select="concat('\-~^`&quot;', $apostrophe)"/>

  <xsl:template match="/page">
    <text>
      <xsl:text>.\" SPDX-License-Identifier: GPL-2.0-or-later&#10;</xsl:text>
      <xsl:text>.\" Made by v2v-engine doc from what rules and scripts declare.&#10;</xsl:text>
      <xsl:text>.TH </xsl:text>
      <xsl:value-of select="concat(translate(@name, $small, $capital), ' ', @section)"/>
      <xsl:value-of select="concat(' &quot;', @date, '&quot; &quot;v2v-engine ', @version, '&quot;&#10;')"/>
      <xsl:apply-templates/>
    </text>
  </xsl:template>

  <xsl:template match="h1">
    <xsl:text>.SH </xsl:text>
    <xsl:call-template name="escape">
      <xsl:with-param name="text" select="translate(., $small, $capital)"/>
    </xsl:call-template>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>

  <xsl:template match="h2">
    <xsl:text>.SS </xsl:text>
    <xsl:call-template name="escape"><xsl:with-param name="text" select="."/></xsl:call-template>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>

  <!-- After a title there is a paragraph anyway, and man warns of an empty one. -->
  <xsl:template match="p">
    <xsl:if test="preceding-sibling::*[1][self::p or self::item]"><xsl:text>.PP&#10;</xsl:text></xsl:if>
    <xsl:apply-templates select="line[s]"/>
  </xsl:template>

  <xsl:template match="item">
    <xsl:text>.TP&#10;</xsl:text>
    <xsl:apply-templates select="term | body/line[s]"/>
  </xsl:template>

  <xsl:template match="term">
    <xsl:call-template name="guarded">
      <xsl:with-param name="text"><xsl:apply-templates/></xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <xsl:template match="line">
    <xsl:if test="preceding-sibling::line[s]"><xsl:text>.br&#10;</xsl:text></xsl:if>
    <xsl:for-each select="s">
      <xsl:call-template name="guarded">
        <xsl:with-param name="text"><xsl:apply-templates/></xsl:with-param>
      </xsl:call-template>
    </xsl:for-each>
  </xsl:template>

  <!-- A line of source, which would be a request if it began so. -->
  <xsl:template name="guarded">
    <xsl:param name="text"/>
    <xsl:if test="starts-with($text, '.') or starts-with($text, $apostrophe)">\&amp;</xsl:if>
    <xsl:value-of select="concat($text, '&#10;')"/>
  </xsl:template>

  <!-- ==== text ==== -->

  <xsl:template match="text()">
    <xsl:call-template name="escape"><xsl:with-param name="text" select="."/></xsl:call-template>
  </xsl:template>

  <xsl:template match="b[string()] | i[string()]">
    <xsl:text>\f</xsl:text>
    <xsl:value-of select="translate(local-name(), 'bi', 'BI')"/>
    <xsl:call-template name="escape">
      <xsl:with-param name="text" select="."/>
      <xsl:with-param name="quote">\(aq</xsl:with-param>
    </xsl:call-template>
    <xsl:text>\fR</xsl:text>
  </xsl:template>

  <!-- Halves the text until one character is left, so that templates nest no deeper for a long one. QUOTE is what an
       apostrophe becomes: in prose it stays one. -->
  <xsl:template name="escape">
    <xsl:param name="text"/>
    <xsl:param name="quote" select="$apostrophe"/>
    <xsl:variable name="length" select="string-length($text)"/>
    <xsl:choose>
      <xsl:when test="translate($text, $special, '') = string($text)"><xsl:value-of select="$text"/></xsl:when>
      <xsl:when test="$length &gt; 1">
        <xsl:variable name="half" select="floor($length div 2)"/>
        <xsl:call-template name="escape">
          <xsl:with-param name="text" select="substring($text, 1, $half)"/>
          <xsl:with-param name="quote" select="$quote"/>
        </xsl:call-template>
        <xsl:call-template name="escape">
          <xsl:with-param name="text" select="substring($text, $half + 1)"/>
          <xsl:with-param name="quote" select="$quote"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$text = '\'">\e</xsl:when>
      <xsl:when test="$text = '-'">\-</xsl:when>
      <xsl:when test="$text = '~'">\(ti</xsl:when>
      <xsl:when test="$text = '^'">\(ha</xsl:when>
      <xsl:when test="$text = '`'">\(ga</xsl:when>
      <xsl:when test="$text = '&quot;'">\(dq</xsl:when>
      <xsl:otherwise><xsl:value-of select="$quote"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
