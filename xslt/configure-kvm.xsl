<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     Makes a domain one of KVM. What the guest is to have is decided by rules and comes in as
     facts; where it already has it, nothing changes, so a converted domain stays as it is.
     Paths and formats of disks are not set here: the storage knows them. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>
  <xsl:strip-space elements="*"/>

  <xsl:param name="facts" select="/.."/>

  <xsl:variable name="target" select="$facts/target"/>
  <xsl:variable name="disk-bus" select="$target/@disk-bus"/>
  <xsl:variable name="nic-model" select="$target/@nic-model"/>
  <xsl:variable name="machine" select="$target/@machine"/>
  <xsl:variable name="has-screen" select="boolean(/domain/devices/graphics)"/>

  <xsl:variable name="arch">
    <xsl:choose>
      <xsl:when test="/domain/os/type/@arch"><xsl:value-of select="/domain/os/type/@arch"/></xsl:when>
      <xsl:when test="$facts/os/@arch = 'i386'">i686</xsl:when>
      <xsl:when test="$facts/os/@arch"><xsl:value-of select="$facts/os/@arch"/></xsl:when>
      <xsl:otherwise>x86_64</xsl:otherwise>
    </xsl:choose>
  </xsl:variable>
  <xsl:variable name="is-pc" select="$arch = 'x86_64' or $arch = 'i686'"/>
  <!-- On a PC, System Management Mode is what keeps a guest from changing the variables itself. -->
  <xsl:variable name="secure" select="$is-pc and (/domain/os/firmware/feature[@name = 'secure-boot']/@enabled = 'yes'
                                                  or /domain/os/loader/@secure = 'yes')"/>

  <!-- Q35 has no IDE: removable media go where the machine has a place for them. -->
  <xsl:variable name="media-bus">
    <xsl:choose>
      <xsl:when test="not($is-pc)">scsi</xsl:when>
      <xsl:when test="$machine = 'q35'">sata</xsl:when>
      <xsl:otherwise>ide</xsl:otherwise>
    </xsl:choose>
  </xsl:variable>

  <xsl:template match="@* | node()">
    <xsl:copy>
      <xsl:apply-templates select="@* | node()"/>
    </xsl:copy>
  </xsl:template>

  <!-- ==== the domain ==== -->

  <xsl:template match="/domain">
    <xsl:copy>
      <xsl:apply-templates select="@*[not(name() = 'id' or name() = 'type')]"/>
      <xsl:attribute name="type">
        <xsl:choose>
          <xsl:when test="$target/@domain-type"><xsl:value-of select="$target/@domain-type"/></xsl:when>
          <xsl:otherwise>kvm</xsl:otherwise>
        </xsl:choose>
      </xsl:attribute>
      <xsl:apply-templates select="node()"/>
      <xsl:if test="not(os)">
        <xsl:call-template name="os"/>
      </xsl:if>
      <xsl:if test="not(features) and $is-pc">
        <xsl:call-template name="features"/>
      </xsl:if>
      <xsl:if test="not(cpu)">
        <xsl:call-template name="cpu"/>
      </xsl:if>
    </xsl:copy>
  </xsl:template>

  <xsl:template match="/domain/name">
    <name>
      <xsl:choose>
        <xsl:when test="string($target/@guest-name)"><xsl:value-of select="$target/@guest-name"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
      </xsl:choose>
    </name>
  </xsl:template>

  <!-- ==== how it starts ==== -->

  <xsl:template match="/domain/os">
    <xsl:call-template name="os"/>
  </xsl:template>

  <!-- Called at <os>, or at <domain> where there is none. -->
  <xsl:template name="os">
    <xsl:variable name="old" select="self::os"/>
    <os>
      <xsl:apply-templates select="$old/@*"/>
      <xsl:if test="$facts/source/@firmware = 'efi' and not($old/@firmware or $old/loader)">
        <xsl:attribute name="firmware">efi</xsl:attribute>
      </xsl:if>
      <type arch="{$arch}">
        <xsl:call-template name="machine">
          <xsl:with-param name="old" select="$old/type/@machine"/>
        </xsl:call-template>
        <xsl:text>hvm</xsl:text>
      </type>
      <xsl:choose>
        <!-- What was copied out of the guest is put in here. -->
        <xsl:when test="$target/@direct-boot = 'true'">
          <xsl:apply-templates select="$old/node()[not(self::type or self::kernel or self::initrd or self::cmdline or self::boot)]"/>
          <kernel slot:name="kernel" xmlns:slot="urn:v2v-engine:slot"/>
          <initrd slot:name="initrd" xmlns:slot="urn:v2v-engine:slot"/>
          <cmdline slot:name="cmdline" xmlns:slot="urn:v2v-engine:slot"/>
        </xsl:when>
        <xsl:otherwise>
          <xsl:apply-templates select="$old/node()[not(self::type or (self::boot and $orders))]"/>
          <xsl:if test="not($old/boot or /domain/devices/*/boot or $orders)">
            <boot dev="hd"/>
          </xsl:if>
        </xsl:otherwise>
      </xsl:choose>
    </os>
  </xsl:template>

  <!-- "hd" is the first of the disks. Where another starts the guest, each device that the guest may start from has its place in
       the order of its own. A document that names such places already is followed. -->
  <xsl:variable name="boot-disk" select="/domain/devices/disk[not(@device) or @device = 'disk'][target/@dev = $facts/disk[@boots = 'true']/@target][1]"/>
  <xsl:variable name="boot-letters">
    <xsl:for-each select="$boot-disk"><xsl:call-template name="letters"/></xsl:for-each>
  </xsl:variable>
  <xsl:variable name="boot-words" select="/domain/os/boot"/>
  <xsl:variable name="orders" select="$boot-disk and $boot-letters != 'a' and not(/domain/devices/*/boot) and not($target/@direct-boot = 'true')
                                      and (not($boot-words) or $boot-words[@dev = 'hd'])"/>

  <!-- Called at a device; WORD is what devices of its kind are called in <os>. -->
  <xsl:template name="boot-order">
    <xsl:param name="word"/>
    <xsl:param name="is-it"/>
    <xsl:if test="$orders and $is-it">
      <xsl:choose>
        <xsl:when test="$boot-words[@dev = $word]"><boot order="{count($boot-words[@dev = $word][1]/preceding-sibling::boot) + 1}"/></xsl:when>
        <xsl:when test="$word = 'hd'"><boot order="1"/></xsl:when>
      </xsl:choose>
    </xsl:if>
  </xsl:template>

  <!-- A machine of the right kind stays, since it may carry a version. -->
  <xsl:template name="machine">
    <xsl:param name="old"/>
    <xsl:variable name="is-ours" select="/domain/@type = 'kvm' or /domain/@type = 'qemu'"/>
    <xsl:choose>
      <xsl:when test="not($is-pc)">
        <xsl:copy-of select="$old[$is-ours]"/>
      </xsl:when>
      <xsl:when test="$machine = 'q35'">
        <xsl:attribute name="machine">
          <xsl:choose>
            <xsl:when test="$is-ours and starts-with($old, 'pc-q35')"><xsl:value-of select="$old"/></xsl:when>
            <xsl:otherwise>q35</xsl:otherwise>
          </xsl:choose>
        </xsl:attribute>
      </xsl:when>
      <xsl:otherwise>
        <xsl:attribute name="machine">
          <xsl:choose>
            <xsl:when test="$is-ours and starts-with($old, 'pc-i440fx')"><xsl:value-of select="$old"/></xsl:when>
            <xsl:otherwise>pc</xsl:otherwise>
          </xsl:choose>
        </xsl:attribute>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- ==== processor ==== -->

  <xsl:template match="/domain/features">
    <xsl:call-template name="features"/>
  </xsl:template>

  <xsl:template name="features">
    <xsl:variable name="old" select="self::features"/>
    <features>
      <xsl:apply-templates select="$old/@* | $old/node()[not(self::smm and $secure)]"/>
      <xsl:if test="$is-pc and not($old/acpi)"><acpi/></xsl:if>
      <xsl:if test="$is-pc and not($old/apic)"><apic/></xsl:if>
      <xsl:if test="$secure">
        <smm>
          <xsl:apply-templates select="$old/smm/@*"/>
          <xsl:attribute name="state">on</xsl:attribute>
          <xsl:apply-templates select="$old/smm/node()"/>
        </smm>
      </xsl:if>
    </features>
  </xsl:template>

  <xsl:template match="/domain/cpu">
    <xsl:call-template name="cpu"/>
  </xsl:template>

  <!-- The bare defaults of KVM and of emulation are processors older than what new systems ask
       for. Emulation cannot be the host's processor, but all that it can be. -->
  <xsl:template name="cpu">
    <xsl:variable name="old" select="self::cpu"/>
    <xsl:variable name="emulated" select="$target/@domain-type = 'qemu'"/>
    <xsl:variable name="of-host" select="starts-with($old/@mode, 'host-')"/>
    <xsl:variable name="none" select="not($old/@mode or $old/@match or $old/model)"/>
    <xsl:choose>
      <xsl:when test="$emulated and ($none or $of-host)">
        <cpu mode="maximum">
          <xsl:apply-templates select="$old/topology | $old/numa"/>
        </cpu>
      </xsl:when>
      <xsl:otherwise>
        <cpu>
          <xsl:apply-templates select="$old/@*"/>
          <xsl:if test="$none">
            <xsl:attribute name="mode">host-model</xsl:attribute>
          </xsl:if>
          <xsl:apply-templates select="$old/node()"/>
        </cpu>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- ==== devices ==== -->

  <xsl:template match="/domain/devices">
    <xsl:copy>
      <xsl:apply-templates select="@* | node()"/>

      <xsl:if test="$disk-bus = 'scsi' and not(controller[@type = 'scsi'][@model = 'virtio-scsi'])">
        <controller type="scsi" index="0" model="virtio-scsi"/>
      </xsl:if>
      <xsl:if test="not(serial)">
        <serial type="pty">
          <target port="0"/>
        </serial>
      </xsl:if>
      <xsl:if test="not(console)">
        <console type="pty">
          <target type="serial" port="0"/>
        </console>
      </xsl:if>
      <xsl:if test="$target/@agent = 'true' and not(channel[target/@name = 'org.qemu.guest_agent.0'])">
        <channel type="unix">
          <target type="virtio" name="org.qemu.guest_agent.0"/>
        </channel>
      </xsl:if>
      <xsl:if test="$has-screen">
        <xsl:if test="not(video)">
          <video>
            <model type="vga"/>
          </video>
        </xsl:if>
        <!-- A tablet, so that the pointer is where the viewer's is. -->
        <xsl:if test="not(input[@type = 'tablet'])"><input type="tablet" bus="usb"/></xsl:if>
        <xsl:if test="$is-pc and not(input[@type = 'mouse'])"><input type="mouse" bus="ps2"/></xsl:if>
        <xsl:if test="$is-pc and not(input[@type = 'keyboard'])"><input type="keyboard" bus="ps2"/></xsl:if>
      </xsl:if>
      <xsl:if test="not(memballoon)">
        <xsl:call-template name="memballoon"/>
      </xsl:if>
      <xsl:if test="$target/@rng = 'true' and not(rng)">
        <rng model="virtio">
          <backend model="random">/dev/urandom</backend>
        </rng>
      </xsl:if>
    </xsl:copy>
  </xsl:template>

  <xsl:template match="/domain/devices/memballoon">
    <xsl:call-template name="memballoon"/>
  </xsl:template>

  <xsl:template name="memballoon">
    <xsl:variable name="old" select="self::memballoon"/>
    <xsl:choose>
      <xsl:when test="$target/@balloon = 'true' and starts-with($old/@model, 'virtio')">
        <xsl:copy>
          <xsl:apply-templates select="@* | node()"/>
        </xsl:copy>
      </xsl:when>
      <xsl:when test="$target/@balloon = 'true'"><memballoon model="virtio"/></xsl:when>
      <xsl:otherwise><memballoon model="none"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Controllers for disks belong to the bus that the disks leave, unless they stay on it. -->
  <xsl:template match="/domain/devices/controller[@type = 'ide']">
    <xsl:if test="$media-bus = 'ide' or $disk-bus = 'ide'">
      <xsl:copy>
        <xsl:apply-templates select="@* | node()"/>
      </xsl:copy>
    </xsl:if>
  </xsl:template>
  <xsl:template match="/domain/devices/controller[@type = 'scsi'][not(@model = 'virtio-scsi')]"/>
  <xsl:template match="/domain/devices/controller[@type = 'pci']">
    <xsl:variable name="express" select="starts-with(@model, 'pcie-')
                                         or starts-with(../controller[@type = 'pci'][@index = 0]/@model, 'pcie-')"/>
    <xsl:if test="not($is-pc) or $express = ($machine = 'q35')">
      <xsl:copy>
        <xsl:apply-templates select="@* | node()"/>
      </xsl:copy>
    </xsl:if>
  </xsl:template>

  <!-- Where the machine becomes one of the other kind, places on its buses and the controllers of its chips are void. -->
  <xsl:variable name="old-kind">
    <xsl:choose>
      <xsl:when test="contains(/domain/os/type/@machine, 'q35')">q35</xsl:when>
      <xsl:otherwise>i440fx</xsl:otherwise>
    </xsl:choose>
  </xsl:variable>
  <xsl:variable name="changes" select="$is-pc and (/domain/@type = 'kvm' or /domain/@type = 'qemu') and ($old-kind = 'q35') != ($machine = 'q35')"/>

  <xsl:template match="/domain/devices/*/address[@type = 'pci']">
    <xsl:if test="not($changes)">
      <xsl:copy>
        <xsl:apply-templates select="@* | node()"/>
      </xsl:copy>
    </xsl:if>
  </xsl:template>
  <xsl:template match="/domain/devices/controller[@type = 'usb']/@model[starts-with(., 'piix')]">
    <xsl:if test="not($changes)"><xsl:copy/></xsl:if>
  </xsl:template>

  <!-- ==== disks ==== -->

  <!-- What names on a bus begin with, in libvirt's documents. -->
  <xsl:template name="prefix">
    <xsl:param name="bus"/>
    <xsl:choose>
      <xsl:when test="$bus = 'virtio'">vd</xsl:when>
      <xsl:when test="$bus = 'ide'">hd</xsl:when>
      <xsl:otherwise>sd</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- The letters of a fixed disk's new name, from facts alone. Called at the disk. -->
  <xsl:template name="letters">
    <xsl:variable name="dev" select="target/@dev"/>
    <xsl:variable name="names" select="$facts/disk_name[@disk = $dev]"/>
    <xsl:variable name="own" select="$names[@old = concat('/dev/', $dev)]"/>
    <xsl:variable name="new">
      <xsl:choose>
        <xsl:when test="$own"><xsl:value-of select="$own[1]/@new"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="$names[1]/@new"/></xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <!-- /dev/vda, /dev/sda, /dev/hda -->
    <xsl:value-of select="substring($new, 8)"/>
  </xsl:template>

  <xsl:template match="/domain/devices/disk[not(@device) or @device = 'disk']">
    <xsl:variable name="letters">
      <xsl:call-template name="letters"/>
    </xsl:variable>
    <xsl:variable name="prefix">
      <xsl:call-template name="prefix">
        <xsl:with-param name="bus" select="$disk-bus"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:if test="$letters = ''">
      <xsl:message terminate="yes">
        <xsl:text>no fact disk_name gives the name that the disk </xsl:text>
        <xsl:value-of select="target/@dev"/>
        <xsl:text> has under the target: rules must provide such a fact for each disk</xsl:text>
      </xsl:message>
    </xsl:if>
    <xsl:if test="$disk-bus = 'ide' and not(contains(' a b c d ', concat(' ', $letters, ' ')))">
      <xsl:message terminate="yes">
        <xsl:text>the disk </xsl:text>
        <xsl:value-of select="target/@dev"/>
        <xsl:text> would be the IDE disk hd</xsl:text>
        <xsl:value-of select="$letters"/>
        <xsl:text>, but IDE has only four places: use another kind of disk</xsl:text>
      </xsl:message>
    </xsl:if>
    <xsl:copy>
      <xsl:apply-templates select="@*"/>
      <xsl:attribute name="device">disk</xsl:attribute>
      <xsl:call-template name="disk-content">
        <xsl:with-param name="dev" select="concat($prefix, $letters)"/>
        <xsl:with-param name="bus" select="$disk-bus"/>
      </xsl:call-template>
      <xsl:call-template name="boot-order">
        <xsl:with-param name="word" select="'hd'"/>
        <xsl:with-param name="is-it" select="count(. | $boot-disk) = 1"/>
      </xsl:call-template>
    </xsl:copy>
  </xsl:template>

  <xsl:template match="/domain/devices/disk[@device = 'cdrom']">
    <xsl:variable name="letter">
      <xsl:call-template name="media-letter"/>
    </xsl:variable>
    <xsl:variable name="prefix">
      <xsl:call-template name="prefix">
        <xsl:with-param name="bus" select="$media-bus"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:if test="$letter = ''">
      <xsl:message>
        <xsl:text>there is no place left for the drive </xsl:text>
        <xsl:value-of select="target/@dev"/>
        <xsl:text>, so the new domain does not have this drive: the new machine has </xsl:text>
        <xsl:value-of select="string-length($places)"/>
        <xsl:text> places for drives and disks of this kind</xsl:text>
      </xsl:message>
    </xsl:if>
    <xsl:if test="$letter != ''">
      <xsl:copy>
        <xsl:apply-templates select="@*"/>
        <xsl:call-template name="disk-content">
          <xsl:with-param name="dev" select="concat($prefix, $letter)"/>
          <xsl:with-param name="bus" select="$media-bus"/>
        </xsl:call-template>
        <xsl:if test="not(readonly)"><readonly/></xsl:if>
        <xsl:call-template name="boot-order">
          <xsl:with-param name="word" select="'cdrom'"/>
          <xsl:with-param name="is-it" select="not(preceding-sibling::disk[@device = 'cdrom'])"/>
        </xsl:call-template>
      </xsl:copy>
    </xsl:if>
  </xsl:template>

  <xsl:template match="/domain/devices/disk[@device = 'floppy']">
    <xsl:copy>
      <xsl:apply-templates select="@* | node()"/>
      <xsl:call-template name="boot-order">
        <xsl:with-param name="word" select="'fd'"/>
        <xsl:with-param name="is-it" select="not(preceding-sibling::disk[@device = 'floppy'])"/>
      </xsl:call-template>
    </xsl:copy>
  </xsl:template>

  <!-- The children of a disk, with its new name, each in its place. Where the disk moves to
       another place, its address is void. -->
  <xsl:template name="disk-content">
    <xsl:param name="dev"/>
    <xsl:param name="bus"/>
    <xsl:variable name="stays" select="target/@dev = $dev and target/@bus = $bus"/>
    <xsl:if test="not(driver)">
      <xsl:call-template name="driver"/>
    </xsl:if>
    <xsl:for-each select="node()">
      <xsl:choose>
        <xsl:when test="self::driver">
          <xsl:for-each select="..">
            <xsl:call-template name="driver"/>
          </xsl:for-each>
        </xsl:when>
        <xsl:when test="self::target">
          <target dev="{$dev}" bus="{$bus}">
            <xsl:apply-templates select="@*[not(name() = 'dev' or name() = 'bus')]"/>
          </target>
        </xsl:when>
        <xsl:when test="self::address and not($stays)"/>
        <!-- libvirt refuses what the bus has no place for. -->
        <xsl:when test="self::readonly and ($bus = 'ide' or $bus = 'sata') and not(../@device = 'cdrom')">
          <xsl:message>
            <xsl:text>the guest could only read and not write to the disk </xsl:text>
            <xsl:value-of select="$dev"/>
            <xsl:text>, but disks on the bus </xsl:text>
            <xsl:value-of select="$bus"/>
            <xsl:text> are never read-only: the new guest can write to it</xsl:text>
          </xsl:message>
        </xsl:when>
        <xsl:when test="self::wwn and not($bus = 'scsi' or $bus = 'sata' or $bus = 'ide')">
          <xsl:message>
            <xsl:text>the disk </xsl:text>
            <xsl:value-of select="$dev"/>
            <xsl:text> cannot keep its WWN </xsl:text>
            <xsl:value-of select="."/>
            <xsl:text> on the bus </xsl:text>
            <xsl:value-of select="$bus"/>
            <xsl:text>: change everything in the guest that refers to the disk by its WWN</xsl:text>
          </xsl:message>
        </xsl:when>
        <xsl:when test="(self::vendor or self::product) and $bus != 'scsi'"/>
        <xsl:when test="self::serial and $bus = 'virtio' and string-length(normalize-space()) &gt; 20">
          <xsl:message>
            <xsl:text>the guest sees only the first 20 characters of the serial number </xsl:text>
            <xsl:value-of select="normalize-space()"/>
            <xsl:text> of the disk </xsl:text>
            <xsl:value-of select="$dev"/>
          </xsl:message>
          <serial><xsl:value-of select="substring(normalize-space(), 1, 20)"/></serial>
        </xsl:when>
        <xsl:otherwise><xsl:apply-templates select="."/></xsl:otherwise>
      </xsl:choose>
    </xsl:for-each>
  </xsl:template>

  <!-- Called at the disk. -->
  <xsl:template name="driver">
    <driver>
      <xsl:apply-templates select="driver/@*"/>
      <xsl:attribute name="name">qemu</xsl:attribute>
      <xsl:if test="not(driver/@type)">
        <xsl:attribute name="type">raw</xsl:attribute>
      </xsl:if>
      <xsl:apply-templates select="driver/node()"/>
    </driver>
  </xsl:template>

  <!-- Letters that fixed disks take on the bus of the removable ones: ",a,b," -->
  <xsl:variable name="taken">
    <xsl:text>,</xsl:text>
    <xsl:variable name="disk-prefix">
      <xsl:call-template name="prefix">
        <xsl:with-param name="bus" select="$disk-bus"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:variable name="media-prefix">
      <xsl:call-template name="prefix">
        <xsl:with-param name="bus" select="$media-bus"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:if test="$disk-prefix = $media-prefix">
      <xsl:for-each select="/domain/devices/disk[not(@device) or @device = 'disk']">
        <xsl:call-template name="letters"/>
        <xsl:text>,</xsl:text>
      </xsl:for-each>
    </xsl:if>
  </xsl:variable>

  <!-- IDE has four places, and so that every machine is served alike, SATA's first six. -->
  <xsl:variable name="places">
    <xsl:choose>
      <xsl:when test="$media-bus = 'ide'">abcd</xsl:when>
      <xsl:otherwise>abcdef</xsl:otherwise>
    </xsl:choose>
  </xsl:variable>

  <!-- The letter of a removable disk: its old one if that is free, else the next free one that
       no other wants. Called at the disk. -->
  <xsl:template name="media-letter">
    <xsl:variable name="dev" select="target/@dev"/>
    <xsl:variable name="old" select="substring($dev, string-length($dev))"/>
    <xsl:choose>
      <xsl:when test="contains($places, $old) and not(contains($taken, concat(',', $old, ',')))
                      and not(preceding-sibling::disk[@device = 'cdrom'][substring(target/@dev, string-length(target/@dev)) = $old])">
        <xsl:value-of select="$old"/>
      </xsl:when>
      <xsl:otherwise>
        <xsl:variable name="wanted">
          <xsl:value-of select="$taken"/>
          <xsl:for-each select="../disk[@device = 'cdrom']">
            <xsl:value-of select="substring(target/@dev, string-length(target/@dev))"/>
            <xsl:text>,</xsl:text>
          </xsl:for-each>
        </xsl:variable>
        <xsl:call-template name="free-letter">
          <xsl:with-param name="letters" select="$places"/>
          <xsl:with-param name="wanted" select="$wanted"/>
          <xsl:with-param name="skip">
            <!-- Those before this one that had to move as well. -->
            <xsl:call-template name="moved-before"/>
          </xsl:with-param>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- How many removable disks before this one do not keep their letter. -->
  <xsl:template name="moved-before">
    <xsl:variable name="moved">
      <xsl:for-each select="preceding-sibling::disk[@device = 'cdrom']">
        <xsl:variable name="old" select="substring(target/@dev, string-length(target/@dev))"/>
        <xsl:if test="not(contains($places, $old)) or contains($taken, concat(',', $old, ','))
                      or preceding-sibling::disk[@device = 'cdrom'][substring(target/@dev, string-length(target/@dev)) = $old]">x</xsl:if>
      </xsl:for-each>
    </xsl:variable>
    <xsl:value-of select="string-length($moved)"/>
  </xsl:template>

  <xsl:template name="free-letter">
    <xsl:param name="letters"/>
    <xsl:param name="wanted"/>
    <xsl:param name="skip"/>
    <xsl:variable name="first" select="substring($letters, 1, 1)"/>
    <xsl:if test="$letters != ''">
      <xsl:choose>
        <xsl:when test="contains($wanted, concat(',', $first, ','))">
          <xsl:call-template name="free-letter">
            <xsl:with-param name="letters" select="substring($letters, 2)"/>
            <xsl:with-param name="wanted" select="$wanted"/>
            <xsl:with-param name="skip" select="$skip"/>
          </xsl:call-template>
        </xsl:when>
        <xsl:when test="$skip &gt; 0">
          <xsl:call-template name="free-letter">
            <xsl:with-param name="letters" select="substring($letters, 2)"/>
            <xsl:with-param name="wanted" select="$wanted"/>
            <xsl:with-param name="skip" select="$skip - 1"/>
          </xsl:call-template>
        </xsl:when>
        <xsl:otherwise>
          <xsl:value-of select="$first"/>
        </xsl:otherwise>
      </xsl:choose>
    </xsl:if>
  </xsl:template>

  <!-- ==== network ==== -->

  <!-- Cards with counted names (eth0, eth1) come first and in that order, in which the kernel will count: udev refuses to give one the
       name that another has still. -->
  <xsl:variable name="counted" select="$facts/interface[starts-with(@name, 'eth')][number(substring(@name, 4)) &gt;= 0]"/>
  <xsl:variable name="is-counted" select="count(/domain/devices/interface) &gt; 1 and not(/domain/devices/interface/address) and boolean($counted)"/>

  <!-- The bus that every PC begins with has room for cards in slots 3 to 25; a domain that says places has its own order. -->
  <xsl:variable name="has-slots" select="$is-pc and ($changes or not(/domain/devices/*/address[@type = 'pci']))"/>

  <xsl:template match="/domain/devices/interface">
    <xsl:variable name="place" select="count(preceding-sibling::interface) + 1"/>
    <xsl:choose>
      <xsl:when test="$is-counted">
        <xsl:for-each select="../interface">
          <xsl:sort data-type="number" order="descending" select="count($counted[@mac = translate(current()/mac/@address, 'ABCDEF', 'abcdef')])"/>
          <xsl:sort data-type="number" select="substring($counted[@mac = translate(current()/mac/@address, 'ABCDEF', 'abcdef')]/@name, 4)"/>
          <xsl:if test="position() = $place"><xsl:call-template name="interface"/></xsl:if>
        </xsl:for-each>
      </xsl:when>
      <xsl:otherwise><xsl:call-template name="interface"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="interface">
    <!-- The mapping that says most of this one counts. -->
    <xsl:variable name="mac" select="translate(mac/@address, 'ABCDEF', 'abcdef')"/>
    <xsl:variable name="for-mac" select="$facts/mapping[@option = 'mac'][@old = $mac][@kind = 'network' or @kind = 'bridge']"/>
    <xsl:variable name="for-source"
                  select="$facts/mapping[not(@option = 'mac')]
                          [@old = current()/source/@network or @old = current()/source/@bridge]"/>
    <xsl:variable name="for-all" select="$facts/mapping[not(@old)]"/>
    <xsl:variable name="mapping" select="$for-mac | $for-source[not($for-mac)]
                                         | $for-all[not($for-mac or $for-source)]"/>
    <xsl:variable name="moves" select="boolean($mapping)"/>
    <xsl:copy>
      <xsl:apply-templates select="@*"/>
      <xsl:choose>
        <xsl:when test="$moves"><xsl:attribute name="type"><xsl:value-of select="$mapping/@kind"/></xsl:attribute></xsl:when>
      </xsl:choose>
      <xsl:apply-templates select="mac"/>
      <xsl:choose>
        <xsl:when test="$mapping/@kind = 'network'"><source network="{$mapping/@new}"/></xsl:when>
        <xsl:when test="$moves"><source bridge="{$mapping/@new}"/></xsl:when>
        <xsl:otherwise><xsl:apply-templates select="source"/></xsl:otherwise>
      </xsl:choose>
      <xsl:choose>
        <!-- libvirt writes the one for the other. -->
        <xsl:when test="starts-with(model/@type, concat($nic-model, '-'))"><xsl:apply-templates select="model"/></xsl:when>
        <xsl:otherwise><model type="{$nic-model}"/></xsl:otherwise>
      </xsl:choose>
      <xsl:if test="$nic-model = 'virtio'">
        <xsl:apply-templates select="driver"/>
      </xsl:if>
      <xsl:apply-templates select="node()[not(self::mac or self::source or self::model or self::driver)]
                                         [not($moves and (self::target or self::virtualport or self::portgroup or self::script))]"/>
      <xsl:call-template name="boot-order">
        <xsl:with-param name="word" select="'network'"/>
        <xsl:with-param name="is-it" select="not(preceding-sibling::interface)"/>
      </xsl:call-template>
      <!-- A name that tells a slot of that bus, as under VirtualBox and Parallels, is right again of itself. -->
      <xsl:variable name="name" select="$facts/interface[@mac = $mac]/@name"/>
      <xsl:variable name="slot" select="number(substring-after($name, 'enp0s'))"/>
      <xsl:if test="$has-slots and $name = concat('enp0s', $slot) and $slot &gt;= 3 and $slot &lt;= 25 and count($facts/interface[@name = $name]) = 1">
        <address type="pci" domain="0x0000" bus="0x00" function="0x0"
                 slot="{concat('0x', floor($slot div 16), substring('0123456789abcdef', $slot mod 16 + 1, 1))}"/>
      </xsl:if>
    </xsl:copy>
  </xsl:template>
</xsl:stylesheet>
