<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     What the stylesheets that make a domain of another description share: letters and
     addresses, and errors with their line. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">

  <xsl:variable name="upper">ABCDEFGHIJKLMNOPQRSTUVWXYZ</xsl:variable>
  <xsl:variable name="lower">abcdefghijklmnopqrstuvwxyz</xsl:variable>

  <!-- What says yes, and no, with blanks around each word. -->
  <xsl:variable name="true"> true t yes y on 1 </xsl:variable>
  <xsl:variable name="false"> false f no n off 0 </xsl:variable>

  <!-- Ends the conversion: LINE and TEXT follow the name of the file. -->
  <xsl:template name="refuse">
    <xsl:param name="at" select="."/>
    <xsl:param name="text"/>
    <xsl:message terminate="yes">
      <xsl:value-of select="v2v-line($at)"/>
      <xsl:text>: </xsl:text>
      <xsl:value-of select="normalize-space($text)"/>
    </xsl:message>
  </xsl:template>

  <xsl:template name="warn">
    <xsl:param name="at" select="."/>
    <xsl:param name="text"/>
    <xsl:message>
      <xsl:value-of select="v2v-line($at)"/>
      <xsl:text>: </xsl:text>
      <xsl:value-of select="normalize-space($text)"/>
    </xsl:message>
  </xsl:template>

  <!-- 0: a, 25: z, 26: aa -->
  <xsl:template name="letters">
    <xsl:param name="number"/>
    <xsl:number value="$number + 1" format="a"/>
  </xsl:template>

  <!-- A whole number from MIN to MAX, or an error that names WHAT. Blanks that do not break a line are blanks too. -->
  <xsl:template name="whole">
    <xsl:param name="value"/>
    <xsl:param name="what"/>
    <xsl:param name="min" select="1"/>
    <xsl:param name="max"/>
    <xsl:param name="at" select="$value"/>
    <xsl:variable name="text" select="normalize-space(translate($value, '&#xA0;', ' '))"/>
    <xsl:if test="$text = '' or string-length($text) &gt; 15 or translate($text, '0123456789', '') != ''
                  or number($text) &lt; $min or number($text) &gt; $max">
      <xsl:call-template name="refuse">
        <xsl:with-param name="at" select="$at"/>
        <xsl:with-param name="text" select="concat($what, ' is &quot;', substring($text, 1, 60), '&quot;, expected a whole number from ', $min, ' to ', format-number($max, '0'))"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:value-of select="number($text)"/>
  </xsl:template>

  <!-- The number of the slot that the machine tells its guest a card is in: guests name interfaces by it. A domain has no place
       for such numbers, which go beyond a bus; so it is an element of our own, which leaves with the source. -->
  <xsl:template name="slot">
    <xsl:param name="slot"/>
    <xsl:if test="number($slot) &gt; 0 and number($slot) &lt; 100000 and string(number($slot)) = normalize-space($slot)">
      <v2v:slot xmlns:v2v="urn:v2v-engine:source"><xsl:value-of select="number($slot)"/></v2v:slot>
    </xsl:if>
  </xsl:template>

  <!-- A card NAME whose description says in the word CONNECTED that it was not connected stays so. -->
  <xsl:template name="link">
    <xsl:param name="connected"/>
    <xsl:param name="name"/>
    <xsl:if test="contains($false, concat(' ', translate(normalize-space($connected), $upper, $lower), ' '))">
      <xsl:call-template name="warn">
        <xsl:with-param name="at" select="$connected"/>
        <xsl:with-param name="text" select="concat('the network card ', $name, ' was not connected when the guest started, and the link of the new one is down: virsh domif-setlink brings it up')"/>
      </xsl:call-template>
      <link state="down"/>
    </xsl:if>
  </xsl:template>

  <!-- <cpu> with COUNT processors in sockets of CORES each, where that comes out even. -->
  <xsl:template name="sockets">
    <xsl:param name="count"/>
    <xsl:param name="cores"/>
    <xsl:if test="$cores &gt;= 1 and floor($cores) = $cores and $count mod $cores = 0">
      <cpu><topology sockets="{$count div $cores}" cores="{$cores}" threads="1"/></cpu>
    </xsl:if>
  </xsl:template>

  <!-- What the machine's clock tells: by what the description says (SAID: local or utc), else SHIFT seconds from UTC, else
       what such a SYSTEM expects, which is the local time for Windows alone. -->
  <xsl:template name="clock">
    <xsl:param name="system"/>
    <xsl:param name="shift"/>
    <xsl:param name="said"/>
    <xsl:variable name="seconds" select="normalize-space($shift)"/>
    <xsl:choose>
      <xsl:when test="$seconds != '' and $seconds != '0' and translate($seconds, '-0123456789', '') = '' and string-length($seconds) &lt; 10">
        <clock offset="variable" adjustment="{$seconds}" basis="utc"/>
      </xsl:when>
      <xsl:when test="$said = 'local'"><clock offset="localtime"/></xsl:when>
      <xsl:when test="$said = 'utc'"><clock offset="utc"/></xsl:when>
      <xsl:when test="starts-with(translate(normalize-space($system), $upper, $lower), 'win')
                      or contains(translate($system, $upper, $lower), 'windows')"><clock offset="localtime"/></xsl:when>
      <xsl:otherwise><clock offset="utc"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- <mac address=.../>, of an address with or without colons. One that is all 0 is none. -->
  <xsl:template name="mac">
    <xsl:param name="address"/>
    <xsl:variable name="plain" select="translate(normalize-space($address), concat($upper, '-'), concat($lower, ':'))"/>
    <xsl:variable name="form" select="translate($plain, '0123456789abcdef', 'hhhhhhhhhhhhhhhh')"/>
    <xsl:choose>
      <xsl:when test="$form != '' and translate($plain, '0:', '') = ''">
        <xsl:call-template name="warn">
          <xsl:with-param name="at" select="$address"/>
          <xsl:with-param name="text" select="concat('no network card can have the hardware address ', substring($plain, 1, 20), ': the card gets a new one')"/>
        </xsl:call-template>
      </xsl:when>
      <xsl:when test="$form = 'hh:hh:hh:hh:hh:hh'">
        <mac address="{$plain}"/>
      </xsl:when>
      <xsl:when test="$form = 'hhhhhhhhhhhh'">
        <mac address="{concat(substring($plain, 1, 2), ':', substring($plain, 3, 2), ':', substring($plain, 5, 2), ':',
                              substring($plain, 7, 2), ':', substring($plain, 9, 2), ':', substring($plain, 11, 2))}"/>
      </xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="refuse">
          <xsl:with-param name="at" select="$address"/>
          <xsl:with-param name="text" select="concat('the hardware address is &quot;', substring($plain, 1, 60), '&quot;, expected one such as 00:50:56:01:02:03')"/>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- What this domain format calls a network card: of a list, the first that is known, else the first. -->
  <xsl:template name="nic-model">
    <xsl:param name="model"/>
    <xsl:variable name="words" select="normalize-space(translate($model, concat($upper, ',;|'), concat($lower, '   ')))"/>
    <xsl:variable name="known">
      <xsl:call-template name="known-nic">
        <xsl:with-param name="words" select="$words"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:variable name="first" select="substring-before(concat($words, ' '), ' ')"/>
    <xsl:choose>
      <xsl:when test="$known != ''"><model type="{$known}"/></xsl:when>
      <xsl:when test="$first != '' and translate($first, 'abcdefghijklmnopqrstuvwxyz0123456789-_', '') = '' and string-length($first) &lt; 32">
        <model type="{$first}"/>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="known-nic">
    <xsl:param name="words"/>
    <xsl:variable name="word" select="substring-before(concat($words, ' '), ' ')"/>
    <xsl:choose>
      <xsl:when test="$word = ''"/>
      <xsl:when test="starts-with($word, '8254')">e1000</xsl:when>
      <xsl:when test="starts-with($word, 'pcnet') or starts-with($word, 'am79')">pcnet</xsl:when>
      <xsl:when test="starts-with($word, 'virtio')">virtio</xsl:when>
      <xsl:when test="contains(' e1000 e1000e vmxnet vmxnet2 vmxnet3 vlance flexible netfront rtl8139 ', concat(' ', $word, ' '))"><xsl:value-of select="$word"/></xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="known-nic">
          <xsl:with-param name="words" select="substring-after($words, ' ')"/>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- The format of a disk, by the name of its file. -->
  <xsl:template name="format-of-file">
    <xsl:param name="file"/>
    <xsl:variable name="name" select="translate($file, $upper, $lower)"/>
    <xsl:variable name="plain">
      <xsl:choose>
        <xsl:when test="substring($name, string-length($name) - 2) = '.gz'"><xsl:value-of select="substring($name, 1, string-length($name) - 3)"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="$name"/></xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:variable name="end" select="substring($plain, string-length($plain) - 4)"/>
    <xsl:choose>
      <xsl:when test="$end = '.vmdk'">vmdk</xsl:when>
      <xsl:when test="$end = 'qcow2'">qcow2</xsl:when>
      <xsl:when test="$end = '.vhdx'">vhdx</xsl:when>
      <xsl:when test="substring($end, 2) = '.vhd'">vpc</xsl:when>
      <xsl:when test="substring($end, 2) = '.vdi'">vdi</xsl:when>
      <xsl:when test="substring($end, 2) = '.img' or substring($end, 2) = '.raw'">raw</xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- A card of sound, by what other descriptions call it. -->
  <xsl:template name="sound">
    <xsl:param name="model"/>
    <xsl:variable name="name" select="translate($model, $upper, $lower)"/>
    <xsl:choose>
      <xsl:when test="contains($name, '1371') or contains($name, '1370')"><sound model="es1370"/></xsl:when>
      <xsl:when test="contains($name, 'sb16')"><sound model="sb16"/></xsl:when>
      <xsl:when test="contains($name, 'ac97')"><sound model="ac97"/></xsl:when>
      <xsl:otherwise><sound model="ich6"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
