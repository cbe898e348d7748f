<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     What every stylesheet that takes a domain away from its hypervisor does alike; each imports
     this one and adds its own. Everything that is not named is copied as it is. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>
  <xsl:strip-space elements="*"/>

  <xsl:param name="facts" select="/.."/>

  <xsl:template match="@* | node()">
    <xsl:copy>
      <xsl:apply-templates select="@* | node()"/>
    </xsl:copy>
  </xsl:template>

  <!-- The domain. Made anew, so that no declaration of a hypervisor's name space stays behind. -->
  <xsl:template match="/domain">
    <domain>
      <xsl:apply-templates select="@*[not(name() = 'id' or name() = 'type')]"/>
      <xsl:apply-templates select="node()"/>
    </domain>
  </xsl:template>
  <!-- What stands in a name space of its own is a hypervisor's, but for what people and
       management programs keep in <metadata>. -->
  <xsl:template match="*[namespace-uri() != ''][not(ancestor::metadata)]"/>

  <!-- How it starts: the firmware's files are the old host's. -->
  <xsl:template match="/domain/os/type">
    <type>
      <xsl:copy-of select="@arch"/>
      <xsl:text>hvm</xsl:text>
    </type>
  </xsl:template>
  <xsl:template match="/domain/os/loader | /domain/os/nvram"/>
  <xsl:template match="/domain/bootloader | /domain/bootloader_args"/>
  <xsl:template match="/domain/devices/emulator"/>

  <!-- How the old host divided its processors and memory, and guarded its guests. -->
  <xsl:template match="/domain/cputune | /domain/resource | /domain/seclabel"/>
  <xsl:template match="/domain/vcpu/@cpuset"/>
  <xsl:template match="/domain/features/hap"/>

  <!-- Places on its buses, and what is known only of a running domain. -->
  <xsl:template match="/domain/devices/*/address"/>
  <xsl:template match="/domain/devices/interface/*[namespace-uri() = 'urn:v2v-engine:source']"/>
  <xsl:template match="/domain/devices/*/alias[not(starts-with(@name, 'ua-'))]"/>
  <xsl:template match="/domain/devices/*/@tty"/>
  <xsl:template match="/domain/devices/*[@type = 'pty']/source"/>
  <xsl:template match="/domain/devices/disk/driver/@name"/>
  <xsl:template match="/domain/devices/disk/seclabel | /domain/devices/disk/source/seclabel"/>

  <!-- Its models of controllers and cards. -->
  <xsl:template match="/domain/devices/controller[@type = 'scsi' or @type = 'ide' or @type = 'sata']/@model"/>
  <xsl:template match="/domain/devices/interface/model"/>
  <xsl:template match="/domain/devices/interface/target | /domain/devices/interface/script"/>

  <!-- A window on the old host's own screen, or its own way to watch from afar. -->
  <xsl:template match="/domain/devices/graphics[not(@type = 'vnc' or @type = 'spice')]">
    <xsl:if test="not(../graphics[@type = 'vnc' or @type = 'spice']) and not(preceding-sibling::graphics)">
      <graphics type="vnc" autoport="yes"/>
    </xsl:if>
  </xsl:template>

  <!-- A guest that has a video card has a screen, whether the document says how to see it or not. -->
  <xsl:template match="/domain/devices">
    <xsl:copy>
      <xsl:apply-templates select="@* | node()"/>
      <xsl:if test="video and not(graphics)">
        <graphics type="vnc" autoport="yes"/>
      </xsl:if>
    </xsl:copy>
  </xsl:template>

  <!-- The other end of a line was a file or a device of the old host, or is of a kind that only its hypervisor has. -->
  <xsl:template match="/domain/devices/serial[not(@type = 'pty' or @type = 'tcp' or @type = 'udp' or @type = 'null' or @type = 'stdio'
                                                  or @type = 'vc')]
                       | /domain/devices/console[@type = 'nmdm']">
    <xsl:copy>
      <xsl:attribute name="type">pty</xsl:attribute>
      <xsl:apply-templates select="target"/>
    </xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/devices/parallel[@type = 'pipe' or @type = 'file' or @type = 'dev' or @type = 'unix']"/>

  <!-- What the old host shared or passed through is not there on the new one. -->
  <xsl:template match="/domain/devices/filesystem">
    <xsl:message>
      <xsl:text>a folder of the host (</xsl:text>
      <xsl:value-of select="source/@dir | source/@name"/>
      <xsl:text>) was shared with the guest and is left out: add one of the new host with virsh edit</xsl:text>
    </xsl:message>
  </xsl:template>
  <xsl:template match="/domain/devices/hostdev">
    <xsl:message>
      <xsl:text>a device of the host (</xsl:text>
      <xsl:value-of select="@type"/>
      <xsl:text>) was passed through to the guest and is left out: add one of the new host with virsh edit</xsl:text>
    </xsl:message>
  </xsl:template>
</xsl:stylesheet>
