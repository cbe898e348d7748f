<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     Takes away from a domain what only Xen can give it. What is left describes the guest's
     hardware in general; a configure-* stylesheet makes it fit a target. Everything else is
     copied as it is. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
                xmlns:xen="http://libvirt.org/schemas/domain/xen/1.0"
                exclude-result-prefixes="xen">
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>
  <xsl:strip-space elements="*"/>

  <xsl:param name="facts" select="/.."/>

  <!-- A paravirtual domain has consoles of Xen's own, whatever they are called. -->
  <xsl:variable name="paravirtual" select="not(normalize-space(/domain/os/type) = 'hvm')"/>

  <xsl:template match="@* | node()">
    <xsl:copy>
      <xsl:apply-templates select="@* | node()"/>
    </xsl:copy>
  </xsl:template>

  <!-- The domain. Made anew, so that no declaration of Xen's name space stays behind. -->
  <xsl:template match="/domain">
    <domain>
      <xsl:apply-templates select="@*[not(name() = 'id' or name() = 'type')]"/>
      <xsl:apply-templates select="node()"/>
    </domain>
  </xsl:template>
  <xsl:template match="xen:*"/>

  <!-- How Xen starts it. A kernel from outside the guest stays outside. -->
  <xsl:template match="/domain/bootloader | /domain/bootloader_args"/>
  <xsl:template match="/domain/os/type">
    <type>
      <xsl:copy-of select="@arch"/>
      <xsl:text>hvm</xsl:text>
    </type>
  </xsl:template>
  <xsl:template match="/domain/os/kernel | /domain/os/initrd | /domain/os/cmdline
                       | /domain/os/root | /domain/os/loader | /domain/os/nvram"/>
  <xsl:template match="/domain/devices/emulator"/>
  <xsl:template match="/domain/seclabel[@model = 'flask']"/>

  <!-- What its processors and clock have of Xen. -->
  <xsl:template match="/domain/features/xen | /domain/features/hap
                       | /domain/features/viridian"/>
  <xsl:template match="/domain/clock/timer[@name = 'tsc']"/>

  <!-- Places on Xen's buses, and what is known only of a running domain. -->
  <xsl:template match="/domain/devices/*/address"/>
  <xsl:template match="/domain/devices/*/alias[not(starts-with(@name, 'ua-'))]"/>
  <xsl:template match="/domain/devices/*/backenddomain"/>
  <xsl:template match="/domain/devices/*/@tty"/>
  <xsl:template match="/domain/devices/*[@type = 'pty']/source"/>
  <xsl:template match="/domain/devices/controller[@type = 'xenbus']"/>

  <!-- Disks: their driver in the host, and the hook that attached them. -->
  <xsl:template match="/domain/devices/disk/script"/>
  <xsl:template match="/domain/devices/disk/driver">
    <xsl:variable name="others" select="@*[not(name() = 'name' or name() = 'type')]"/>
    <xsl:if test="@type or $others">
      <driver>
        <xsl:copy-of select="$others"/>
        <xsl:choose>
          <xsl:when test="@type = 'aio'"><xsl:attribute name="type">raw</xsl:attribute></xsl:when>
          <xsl:when test="@type = 'vhd'"><xsl:attribute name="type">vpc</xsl:attribute></xsl:when>
          <xsl:otherwise><xsl:copy-of select="@type"/></xsl:otherwise>
        </xsl:choose>
        <xsl:apply-templates select="node()"/>
      </driver>
    </xsl:if>
  </xsl:template>
  <xsl:template match="/domain/devices/disk/target/@bus[. = 'xen']"/>

  <!-- Interfaces: the hook that attached them, their name in the host, the paravirtual model. -->
  <xsl:template match="/domain/devices/interface/script"/>
  <xsl:template match="/domain/devices/interface/target[starts-with(@dev, 'vif')]"/>
  <xsl:template match="/domain/devices/interface/model[@type = 'netfront']"/>

  <!-- Consoles, screens and input over Xen's bus. -->
  <xsl:template match="/domain/devices/console">
    <xsl:if test="not($paravirtual or target/@type = 'xen')">
      <xsl:copy>
        <xsl:apply-templates select="@* | node()"/>
      </xsl:copy>
    </xsl:if>
  </xsl:template>
  <xsl:template match="/domain/devices/channel[target/@type = 'xen']"/>
  <xsl:template match="/domain/devices/video[model/@type = 'xen']"/>
  <xsl:template match="/domain/devices/input[@bus = 'xen']"/>
  <xsl:template match="/domain/devices/memballoon[@model = 'xen']"/>
  <!-- A window on the old host's own screen. -->
  <xsl:template match="/domain/devices/graphics[@type = 'sdl']">
    <graphics type="vnc" autoport="yes"/>
  </xsl:template>

  <!-- A device of the old host is not there on the new one. -->
  <xsl:template match="/domain/devices/hostdev">
    <xsl:message>
      <xsl:text>a device of the host (</xsl:text>
      <xsl:value-of select="@type"/>
      <xsl:text>) was passed through to the guest and is left out: add one of the new host with virsh edit</xsl:text>
    </xsl:message>
  </xsl:template>
</xsl:stylesheet>
