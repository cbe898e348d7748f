<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     v2v-operations(7): what rules can request, and who does it. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:import href="common.xsl"/>

  <xsl:template match="/manual">
    <page>
      <xsl:call-template name="head">
        <xsl:with-param name="name">v2v-operations</xsl:with-param>
        <xsl:with-param name="section">7</xsl:with-param>
        <xsl:with-param name="about">operations that the rules of v2v-engine request</xsl:with-param>
      </xsl:call-template>
      <xsl:if test="@whole">
        <h1>Description</h1>
        <p>
          <line>
            <s>What rules can request with <b>do</b>, and the providers that do it.</s>
            <s>Of an operation that one provider does, that one is taken whose conditions hold for the guest; of several, the one whose conditions say most.</s>
            <s>What a conversion would do, and by which providers, <b>v2v-engine plan</b> shows; <b>--provider OPERATION=NAME</b> takes another one.</s>
          </line>
        </p>
        <p>
          <line>
            <s>Two more kinds of request need no declaration: <b>do lua</b> calls a script, <b>do xslt</b> applies a stylesheet.</s>
            <s><b>v2v-rules</b>(5) says how rules request, and how operations and providers are declared.</s>
          </line>
        </p>
        <p>
          <line>
            <s>This page is made from what rule files declare: <b>v2v-engine doc operations</b> shows it with the rules that are in effect, those of <b>--rules-dir</b> included, and <b>v2v-engine doc operations NAME</b> a part of it.</s>
          </line>
        </p>
      </xsl:if>
      <!-- They stand in the order of their phases. -->
      <xsl:apply-templates select="operation"/>
      <xsl:if test="@whole">
        <h1>See also</h1>
        <p>
          <line>
            <s><b>v2v-engine</b>(1), <b>v2v-lua</b>(3), <b>v2v-rules</b>(5), <b>v2v-facts</b>(7)</s>
          </line>
        </p>
      </xsl:if>
    </page>
  </xsl:template>

  <xsl:template match="operation">
    <xsl:if test="not(preceding-sibling::operation[1]/@phase = @phase)">
      <h1>Operations of phase <xsl:value-of select="@phase"/></h1>
    </xsl:if>
    <h2><xsl:value-of select="@name"/></h2>
    <p>
      <line><xsl:apply-templates select="doc"/></line>
      <line>
        <s>
          <xsl:text>Phase </xsl:text>
          <b><xsl:value-of select="@phase"/></b>
          <xsl:choose>
            <xsl:when test="@dispatch = 'all'">, done by every provider that fits</xsl:when>
            <xsl:otherwise>, done by one provider</xsl:otherwise>
          </xsl:choose>
          <xsl:if test="@batch">, which is called once with the list of all requests</xsl:if>
          <xsl:text>.</xsl:text>
        </s>
        <xsl:if test="@optional">
          <s>Optional: skipped with a warning if no provider fits.</s>
        </xsl:if>
        <xsl:call-template name="names">
          <xsl:with-param name="label">After</xsl:with-param>
          <xsl:with-param name="nodes" select="after"/>
        </xsl:call-template>
        <xsl:call-template name="declared"/>
      </line>
      <xsl:apply-templates select="unique | excludes"/>
      <line>
        <xsl:call-template name="names">
          <xsl:with-param name="label">Requested by</xsl:with-param>
          <xsl:with-param name="nodes" select="rule"/>
        </xsl:call-template>
      </line>
    </p>
    <xsl:apply-templates select="parameter | provider"/>
  </xsl:template>

  <xsl:template match="unique">
    <line>
      <s>
        <xsl:text>Two different requests</xsl:text>
        <xsl:call-template name="same"/>
        <xsl:text> are an error.</xsl:text>
      </s>
    </line>
  </xsl:template>

  <xsl:template match="excludes">
    <line>
      <s>
        <xsl:text>Excludes </xsl:text>
        <b><xsl:value-of select="@name"/></b>
        <xsl:call-template name="same"/>
        <xsl:text>.</xsl:text>
      </s>
    </line>
  </xsl:template>

  <xsl:template name="same">
    <xsl:if test="on">
      <xsl:text> with the same </xsl:text>
      <xsl:call-template name="list"><xsl:with-param name="nodes" select="on"/></xsl:call-template>
    </xsl:if>
  </xsl:template>

  <xsl:template match="parameter">
    <item>
      <term><b><xsl:value-of select="@name"/></b>: <xsl:call-template name="type"/></term>
      <body>
        <line><xsl:apply-templates select="doc"/></line>
      </body>
    </item>
  </xsl:template>

  <xsl:template match="provider">
    <item>
      <term>Provider <b><xsl:value-of select="@name"/></b></term>
      <body>
        <line><xsl:apply-templates select="doc"/></line>
        <xsl:for-each select="clause">
          <line>
            <s><b><xsl:value-of select="."/></b></s>
          </line>
        </xsl:for-each>
        <line>
          <xsl:call-template name="names">
            <xsl:with-param name="label">Goes before</xsl:with-param>
            <xsl:with-param name="nodes" select="over"/>
          </xsl:call-template>
          <xsl:call-template name="names">
            <xsl:with-param name="label">After</xsl:with-param>
            <xsl:with-param name="nodes" select="after"/>
          </xsl:call-template>
          <xsl:if test="@phase">
            <s>In phase <b><xsl:value-of select="@phase"/></b>.</s>
          </xsl:if>
          <xsl:call-template name="declared"/>
        </line>
      </body>
    </item>
  </xsl:template>
</xsl:stylesheet>
