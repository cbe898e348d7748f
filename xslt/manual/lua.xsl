<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     v2v-lua(3): what scripts can call. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:import href="common.xsl"/>

  <xsl:template match="/manual">
    <page>
      <xsl:call-template name="head">
        <xsl:with-param name="name">v2v-lua</xsl:with-param>
        <xsl:with-param name="section">3</xsl:with-param>
        <xsl:with-param name="about">what scripts of v2v-engine can call</xsl:with-param>
      </xsl:call-template>
      <xsl:apply-templates select="module"/>
      <xsl:if test="global">
        <h1>Globals</h1>
        <xsl:apply-templates select="global"/>
      </xsl:if>
      <xsl:call-template name="calls">
        <xsl:with-param name="title">Calls of the engine</xsl:with-param>
        <xsl:with-param name="calls" select="call[@own]"/>
      </xsl:call-template>
      <xsl:call-template name="calls">
        <xsl:with-param name="title">Calls that read</xsl:with-param>
        <xsl:with-param name="about">Of <b>guestfs</b>(3), where each has the same name. In probes and in providers.</xsl:with-param>
        <xsl:with-param name="calls" select="call[not(@own)][@class = 'read']"/>
      </xsl:call-template>
      <xsl:call-template name="calls">
        <xsl:with-param name="title">Calls that change the guest</xsl:with-param>
        <xsl:with-param name="about">Of <b>guestfs</b>(3). Providers only.</xsl:with-param>
        <xsl:with-param name="calls" select="call[not(@own)][@class = 'write']"/>
      </xsl:call-template>
      <xsl:call-template name="calls">
        <xsl:with-param name="title">Calls that run a program of the guest</xsl:with-param>
        <xsl:with-param name="about">Of <b>guestfs</b>(3). Providers only; <b>guest.query</b> is for programs that only look.</xsl:with-param>
        <xsl:with-param name="calls" select="call[not(@own)][@class = 'exec']"/>
      </xsl:call-template>
      <xsl:call-template name="calls">
        <xsl:with-param name="title">Calls that look at files loaded by guest.augeas</xsl:with-param>
        <xsl:with-param name="about">Of <b>guestfs</b>(3). In probes and in providers.</xsl:with-param>
        <xsl:with-param name="calls" select="call[not(@own)][@class = 'augeas-read']"/>
      </xsl:call-template>
      <xsl:call-template name="calls">
        <xsl:with-param name="title">Calls that change files loaded by guest.augeas</xsl:with-param>
        <xsl:with-param name="about">Of <b>guestfs</b>(3). Providers only.</xsl:with-param>
        <xsl:with-param name="calls" select="call[not(@own)][@class = 'augeas-write']"/>
      </xsl:call-template>
      <xsl:if test="library">
        <h1>Of Lua</h1>
        <p>
          <line>
            <s>As in the manual of Lua 5.4, and no others:</s>
          </line>
        </p>
        <xsl:apply-templates select="library"/>
      </xsl:if>
      <xsl:if test="@whole">
        <h1>See also</h1>
        <p>
          <line>
            <s><b>v2v-engine</b>(1), <b>guestfs</b>(3), <b>guestfs-lua</b>(3), <b>v2v-rules</b>(5), <b>v2v-facts</b>(7), <b>v2v-operations</b>(7)</s>
          </line>
        </p>
      </xsl:if>
    </page>
  </xsl:template>

  <xsl:template name="calls">
    <xsl:param name="title"/>
    <xsl:param name="about"/>
    <xsl:param name="calls"/>
    <xsl:if test="$calls">
      <h1><xsl:value-of select="$title"/></h1>
      <xsl:if test="/manual/@whole and string($about)">
        <p>
          <line>
            <s><xsl:copy-of select="$about"/></s>
          </line>
        </p>
      </xsl:if>
      <xsl:apply-templates select="$calls"/>
    </xsl:if>
  </xsl:template>

  <xsl:template match="call">
    <item>
      <term>
        <b>guest.<xsl:value-of select="@name"/></b>
        <xsl:text> (</xsl:text>
        <i><xsl:value-of select="@arguments"/></i>
        <xsl:if test="optional">
          <xsl:if test="string(@arguments)">[, { </xsl:if>
          <xsl:if test="not(string(@arguments))">[{ </xsl:if>
          <xsl:for-each select="optional">
            <xsl:if test="position() &gt; 1">, </xsl:if>
            <i><xsl:value-of select="@name"/></i>
            <xsl:text> =</xsl:text>
          </xsl:for-each>
          <xsl:text> }]</xsl:text>
        </xsl:if>
        <xsl:text>)</xsl:text>
      </term>
      <body>
        <line>
          <xsl:apply-templates select="doc"/>
          <xsl:if test="@own and @class = 'write'">
            <s>Providers only.</s>
          </xsl:if>
        </line>
      </body>
    </item>
  </xsl:template>

  <xsl:template match="global | function">
    <item>
      <term>
        <b><xsl:value-of select="@name"/></b>
        <xsl:if test="@arguments"> (<i><xsl:value-of select="@arguments"/></i>)</xsl:if>
      </term>
      <body>
        <line><xsl:apply-templates select="doc"/></line>
      </body>
    </item>
  </xsl:template>

  <xsl:template match="library">
    <item>
      <term><b><xsl:value-of select="@name"/></b></term>
      <body>
        <line>
          <s>
            <xsl:for-each select="function">
              <xsl:if test="position() &gt; 1">, </xsl:if>
              <xsl:value-of select="@name"/>
            </xsl:for-each>
          </s>
        </line>
      </body>
    </item>
  </xsl:template>

  <xsl:template match="module">
    <h1>Module <xsl:value-of select="@name"/></h1>
    <xsl:if test="doc">
      <p>
        <line><xsl:apply-templates select="doc"/></line>
      </p>
    </xsl:if>
    <xsl:apply-templates select="function"/>
  </xsl:template>
</xsl:stylesheet>
