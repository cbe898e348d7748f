<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     What the pages share that v2v-engine doc makes. A page is made of <h1>, <h2>, <p> and <item>s. An <item> is a <term>
     and the <body> that explains it; <p> and <body> hold <line>s of <s>entences. In a sentence and in a term, <b> is
     what is written as it stands, <i> what stands for something else. xslt/manual/man.xsl and text.xsl print such a
     page. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="xml" encoding="UTF-8"/>
  <xsl:strip-space elements="*"/>

  <xsl:param name="facts" select="/.."/>

  <!-- The name of the page, and what it is about. -->
  <xsl:template name="head">
    <xsl:param name="name"/>
    <xsl:param name="section"/>
    <xsl:param name="about"/>
    <xsl:attribute name="name"><xsl:value-of select="$name"/></xsl:attribute>
    <xsl:attribute name="section"><xsl:value-of select="$section"/></xsl:attribute>
    <xsl:copy-of select="/manual/@version | /manual/@date"/>
    <h1>Name</h1>
    <p>
      <line>
        <s><xsl:value-of select="concat($name, ' - ', $about)"/></s>
      </line>
    </p>
  </xsl:template>

  <!-- "LABEL a, b." of the names of NODES, or nothing. -->
  <xsl:template name="names">
    <xsl:param name="label"/>
    <xsl:param name="nodes"/>
    <xsl:if test="$nodes">
      <s>
        <xsl:value-of select="$label"/>
        <xsl:text> </xsl:text>
        <xsl:call-template name="list"><xsl:with-param name="nodes" select="$nodes"/></xsl:call-template>
        <xsl:text>.</xsl:text>
      </s>
    </xsl:if>
  </xsl:template>

  <xsl:template name="list">
    <xsl:param name="nodes"/>
    <xsl:for-each select="$nodes">
      <xsl:if test="position() &gt; 1">, </xsl:if>
      <b><xsl:value-of select="@name"/></b>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="declared">
    <s>Declared in <i><xsl:value-of select="@file"/></i>.</s>
  </xsl:template>

  <!-- Of a field or parameter: its type, or the words that it can be. -->
  <xsl:template name="type">
    <xsl:choose>
      <xsl:when test="word">
        <xsl:call-template name="list"><xsl:with-param name="nodes" select="word"/></xsl:call-template>
      </xsl:when>
      <xsl:otherwise><i><xsl:value-of select="@type"/></i></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="doc">
    <s><xsl:value-of select="."/></s>
  </xsl:template>
</xsl:stylesheet>
