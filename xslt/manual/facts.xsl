<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     v2v-facts(7): the facts that rules know, their fields and their words. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:import href="common.xsl"/>

  <xsl:template match="/manual">
    <page>
      <xsl:call-template name="head">
        <xsl:with-param name="name">v2v-facts</xsl:with-param>
        <xsl:with-param name="section">7</xsl:with-param>
        <xsl:with-param name="about">facts that the rules of v2v-engine know</xsl:with-param>
      </xsl:call-template>
      <xsl:if test="@whole">
        <h1>Description</h1>
        <p>
          <line>
            <s>What rules can ask about a guest and about what was asked for.</s>
            <s>Each kind of fact has fields with a type; <b>key</b> fields tell the facts of one kind apart, <b>derived</b> ones are set by rules and by nothing else.</s>
            <s>A field that nothing is known for is unset.</s>
            <s><b>v2v-engine facts</b> shows the facts of a guest, <b>v2v-rules</b>(5) says how rules use them.</s>
          </line>
        </p>
        <p>
          <line>
            <s>This page is made from what rule files declare: <b>v2v-engine doc facts</b> shows it with the rules that are in effect, those of <b>--rules-dir</b> included, and <b>v2v-engine doc facts NAME</b> a part of it.</s>
          </line>
        </p>
      </xsl:if>
      <xsl:if test="fact">
        <h1>Facts</h1>
        <xsl:apply-templates select="fact"/>
      </xsl:if>
      <xsl:if test="enum">
        <h1>Words</h1>
        <xsl:apply-templates select="enum"/>
      </xsl:if>
      <xsl:if test="@whole">
        <h1>See also</h1>
        <p>
          <line>
            <s><b>v2v-engine</b>(1), <b>v2v-lua</b>(3), <b>v2v-rules</b>(5), <b>v2v-operations</b>(7)</s>
          </line>
        </p>
      </xsl:if>
    </page>
  </xsl:template>

  <!-- ==== facts ==== -->

  <xsl:template match="fact">
    <h2><xsl:value-of select="@name"/></h2>
    <p>
      <line><xsl:apply-templates select="doc"/></line>
      <line>
        <s><xsl:choose><xsl:when test="@multiple">Any number.</xsl:when><xsl:otherwise>One.</xsl:otherwise></xsl:choose></s>
        <xsl:if test="@origin">
          <s>
            <xsl:call-template name="origin"/>
            <xsl:if test="@from">: <b><xsl:value-of select="@from"/></b></xsl:if>
            <xsl:text>.</xsl:text>
          </s>
        </xsl:if>
        <xsl:call-template name="names">
          <xsl:with-param name="label">Found by the probe<xsl:if test="count(probe) &gt; 1">s</xsl:if></xsl:with-param>
          <xsl:with-param name="nodes" select="probe"/>
        </xsl:call-template>
        <xsl:call-template name="names">
          <xsl:with-param name="label">Added by</xsl:with-param>
          <xsl:with-param name="nodes" select="rule"/>
        </xsl:call-template>
        <xsl:call-template name="declared"/>
      </line>
    </p>
    <xsl:apply-templates select="field"/>
  </xsl:template>

  <xsl:template name="origin">
    <xsl:choose>
      <xsl:when test="@origin = 'domain'">From the source's domain document</xsl:when>
      <xsl:when test="@origin = 'inspection'">From the inspection of the guest</xsl:when>
      <xsl:when test="@origin = 'osinfo'">From libosinfo's database</xsl:when>
      <xsl:when test="@origin = 'paths'">From the guest, for each path that a rule names</xsl:when>
      <xsl:when test="@origin = 'options'">From the options that rules declare</xsl:when>
      <xsl:when test="@origin = 'with'">From <b>--with</b></xsl:when>
      <xsl:when test="@origin = 'with-kernels'">From the guest, and from packages given with <b>--with</b></xsl:when>
      <xsl:when test="@origin = 'mappings'">From <b>--network</b>, <b>--bridge</b> and <b>--mac</b></xsl:when>
      <xsl:when test="@origin = 'host'">From the host that converts</xsl:when>
      <xsl:when test="@origin = 'choice'">From the command line</xsl:when>
      <xsl:otherwise>From <xsl:value-of select="@origin"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="field">
    <item>
      <term>
        <b><xsl:value-of select="@name"/></b>
        <xsl:text>: </xsl:text>
        <xsl:call-template name="type"/>
        <xsl:choose>
          <xsl:when test="@key"> (key)</xsl:when>
          <xsl:when test="@derived"> (derived)</xsl:when>
        </xsl:choose>
      </term>
      <body>
        <line>
          <xsl:apply-templates select="doc"/>
          <xsl:if test="@from">
            <s>From <b><xsl:value-of select="@from"/></b>.</s>
          </xsl:if>
          <xsl:call-template name="names">
            <xsl:with-param name="label">Set by</xsl:with-param>
            <xsl:with-param name="nodes" select="rule"/>
          </xsl:call-template>
        </line>
      </body>
    </item>
  </xsl:template>

  <!-- ==== words ==== -->

  <xsl:template match="enum">
    <h2><xsl:value-of select="@name"/></h2>
    <p>
      <line><xsl:apply-templates select="doc"/></line>
      <line><xsl:call-template name="declared"/></line>
    </p>
    <xsl:for-each select="word">
      <item>
        <term>
          <b><xsl:value-of select="@name"/></b>
          <xsl:if test="also">
            <xsl:text>, also </xsl:text>
            <xsl:call-template name="list"><xsl:with-param name="nodes" select="also"/></xsl:call-template>
          </xsl:if>
        </term>
        <body>
          <line><xsl:apply-templates select="doc"/></line>
        </body>
      </item>
    </xsl:for-each>
  </xsl:template>
</xsl:stylesheet>
