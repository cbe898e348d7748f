<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     From a domain document for KVM to the arguments of qemu (see engine/output/qemu-command.c for
     what an <argument> may hold). The facts are no facts of rules here but what the caller wants:
     <use accel network media serial firmware-log mark display memory cpus code vars tpm sockets/>, a <disk target
     path format/> for each image that stands in for one of the document's, a <bridge name/> for
     each bridge that interfaces are really connected to, a <missing file/> for each medium that
     is not there.

     Every device of Q35 that speaks PCI Express gets a port of its own, counted in the order in
     which libvirt places them: interfaces, USB, serial ports of virtio, disk controllers, disks,
     balloon, random numbers. So a guest finds its interfaces where it would find them there.
     Addresses in the document are not looked at. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>
  <xsl:strip-space elements="*"/>

  <xsl:param name="facts" select="/.."/>

  <xsl:variable name="use" select="$facts/use"/>
  <xsl:variable name="os" select="/domain/os"/>
  <xsl:variable name="devices" select="/domain/devices"/>
  <xsl:variable name="kvm" select="$use/@accel = 'kvm'"/>
  <xsl:variable name="arch">
    <xsl:choose>
      <xsl:when test="$os/type/@arch = 'i686'">i386</xsl:when>
      <xsl:when test="$os/type/@arch"><xsl:value-of select="$os/type/@arch"/></xsl:when>
      <xsl:otherwise>x86_64</xsl:otherwise>
    </xsl:choose>
  </xsl:variable>
  <xsl:variable name="is-pc" select="$arch = 'x86_64' or $arch = 'i386'"/>
  <xsl:variable name="machine">
    <xsl:choose>
      <xsl:when test="string($os/type/@machine)"><xsl:value-of select="$os/type/@machine"/></xsl:when>
      <xsl:when test="$is-pc">pc</xsl:when>
      <xsl:otherwise>virt</xsl:otherwise>
    </xsl:choose>
  </xsl:variable>
  <xsl:variable name="express" select="not($is-pc) or contains($machine, 'q35')"/>
  <xsl:variable name="q35" select="$is-pc and $express"/>
  <xsl:variable name="i440fx" select="$is-pc and not($express)"/>

  <xsl:variable name="secure" select="$os/firmware/feature[@name = 'secure-boot']/@enabled = 'yes'
                                      or $os/loader/@secure = 'yes'"/>
  <xsl:variable name="uefi" select="$os/@firmware = 'efi' or $os/loader/@type = 'pflash'"/>

  <!-- ==== which devices there are ==== -->

  <xsl:variable name="fixed" select="$devices/disk[not(@device) or @device = 'disk' or @device = 'lun']"/>
  <xsl:variable name="media" select="$devices/disk[@device = 'cdrom' or @device = 'floppy']"/>
  <xsl:variable name="nics" select="$devices/interface"/>
  <xsl:variable name="virtio-disks" select="$devices/disk[target/@bus = 'virtio']"/>
  <xsl:variable name="scsi-disks" select="$devices/disk[target/@bus = 'scsi']"/>
  <xsl:variable name="serial-of-virtio"
                select="$devices/channel[target/@type = 'virtio'] | $devices/console[target/@type = 'virtio']"/>
  <xsl:variable name="usb" select="$devices/controller[@type = 'usb'][not(@model = 'none')]
                                   | $devices/input[@bus = 'usb'] | $devices/disk[target/@bus = 'usb']
                                   | $devices/sound[@model = 'usb']"/>
  <xsl:variable name="balloon" select="$devices/memballoon[starts-with(@model, 'virtio')]"/>
  <xsl:variable name="rngs" select="$devices/rng"/>

  <!-- Places of the PCI Express ports. -->
  <xsl:variable name="usb-port" select="count($nics) + 1"/>
  <xsl:variable name="serial-port" select="$usb-port + count($usb[1])"/>
  <xsl:variable name="scsi-port" select="$serial-port + count($serial-of-virtio[1])"/>
  <xsl:variable name="disk-port" select="$scsi-port + $scsi-controllers"/>
  <xsl:variable name="nvme-port" select="$disk-port + count($virtio-disks)"/>
  <xsl:variable name="balloon-port" select="$nvme-port + count($devices/disk[target/@bus = 'nvme'])"/>
  <xsl:variable name="rng-port" select="$balloon-port + count($balloon)"/>
  <xsl:variable name="ports" select="$rng-port + count($rngs) - 1"/>

  <!-- ==== the whole ==== -->

  <xsl:template match="/">
    <xsl:if test="not(/domain)">
      <xsl:message terminate="yes">the document is not a domain: its root element is not &lt;domain&gt;</xsl:message>
    </xsl:if>
    <arguments program="qemu-system-{$arch}">
      <xsl:call-template name="accelerator"/>
      <xsl:call-template name="processor"/>
      <xsl:call-template name="machine"/>
      <xsl:call-template name="sandbox"/>
      <xsl:call-template name="identity"/>
      <xsl:call-template name="start"/>
      <xsl:if test="$express">
        <xsl:call-template name="ports"/>
      </xsl:if>
      <xsl:call-template name="screen"/>
      <xsl:apply-templates select="$nics"/>
      <xsl:call-template name="usb"/>
      <xsl:call-template name="serials"/>
      <xsl:call-template name="channels"/>
      <xsl:call-template name="scsi-controllers"/>
      <xsl:call-template name="sata-controllers"/>
      <xsl:apply-templates select="$devices/disk"/>
      <xsl:apply-templates select="$devices/input"/>
      <xsl:apply-templates select="$devices/sound"/>
      <xsl:call-template name="tpm"/>
      <xsl:apply-templates select="$devices/watchdog"/>
      <xsl:apply-templates select="$devices/panic"/>
      <xsl:call-template name="balloon"/>
      <xsl:apply-templates select="$rngs"/>
      <xsl:if test="$is-pc">
        <xsl:call-template name="listeners"/>
      </xsl:if>
    </arguments>
  </xsl:template>

  <!-- An option and its plain value. -->
  <xsl:template name="plain">
    <xsl:param name="option"/>
    <xsl:param name="value"/>
    <argument><xsl:value-of select="$option"/></argument>
    <argument><xsl:value-of select="$value"/></argument>
  </xsl:template>

  <!-- ==== processor, memory, machine ==== -->

  <!-- What depends on the accelerator comes first: a caller may want both. -->
  <xsl:template name="accelerator">
    <xsl:call-template name="plain">
      <xsl:with-param name="option">-accel</xsl:with-param>
      <xsl:with-param name="value">
        <xsl:choose>
          <xsl:when test="$kvm">kvm</xsl:when>
          <xsl:otherwise>tcg</xsl:otherwise>
        </xsl:choose>
      </xsl:with-param>
    </xsl:call-template>
  </xsl:template>

  <xsl:template name="processor">
    <xsl:variable name="cpu" select="/domain/cpu"/>
    <xsl:variable name="of-host" select="starts-with($cpu/@mode, 'host-') or $cpu/@mode = 'maximum'"/>
    <xsl:if test="$cpu/model or $of-host">
      <argument>-cpu</argument>
      <argument>
        <value>
          <xsl:choose>
            <xsl:when test="$of-host and $kvm">host</xsl:when>
            <xsl:when test="$of-host">max</xsl:when>
            <xsl:otherwise><xsl:value-of select="normalize-space($cpu/model)"/></xsl:otherwise>
          </xsl:choose>
        </value>
        <!-- Emulated, the instruction takes minutes where other ways of clearing memory take
             seconds. -->
        <xsl:if test="$of-host and not($kvm) and $is-pc and not($cpu/feature[@name = 'erms'])">
          <option name="erms">off</option>
        </xsl:if>
        <xsl:for-each select="$cpu/feature">
          <option name="{@name}">
            <xsl:choose>
              <xsl:when test="@policy = 'disable' or @policy = 'forbid'">off</xsl:when>
              <xsl:otherwise>on</xsl:otherwise>
            </xsl:choose>
          </option>
        </xsl:for-each>
        <xsl:if test="$kvm and $is-pc">
          <xsl:apply-templates select="/domain/features/hyperv/*[@state = 'on']"/>
        </xsl:if>
      </argument>
    </xsl:if>
  </xsl:template>

  <!-- What a Windows guest is told of its hypervisor. -->
  <xsl:template match="/domain/features/hyperv/*"/>
  <xsl:template match="/domain/features/hyperv/relaxed | /domain/features/hyperv/vapic
                       | /domain/features/hyperv/vpindex | /domain/features/hyperv/runtime
                       | /domain/features/hyperv/synic | /domain/features/hyperv/reset
                       | /domain/features/hyperv/frequencies | /domain/features/hyperv/reenlightenment
                       | /domain/features/hyperv/tlbflush | /domain/features/hyperv/ipi
                       | /domain/features/hyperv/evmcs | /domain/features/hyperv/stimer">
    <option name="hv-{local-name()}">on</option>
  </xsl:template>
  <xsl:template match="/domain/features/hyperv/spinlocks">
    <option name="hv-spinlocks"><xsl:value-of select="@retries"/></option>
  </xsl:template>
  <xsl:template match="/domain/features/hyperv/vendor_id">
    <option name="hv-vendor-id"><xsl:value-of select="@value"/></option>
  </xsl:template>

  <xsl:template name="machine">
    <argument>-machine</argument>
    <argument>
      <value><xsl:value-of select="$machine"/></value>
      <option name="usb">off</option>
      <xsl:if test="$is-pc">
        <option name="smm">
          <xsl:choose>
            <xsl:when test="$secure or /domain/features/smm[not(@state = 'off')]">on</xsl:when>
            <xsl:otherwise>off</xsl:otherwise>
          </xsl:choose>
        </option>
        <xsl:if test="not(/domain/features/acpi) and not($uefi)"><option name="acpi">off</option></xsl:if>
      </xsl:if>
      <xsl:if test="$uefi">
        <option name="pflash0">firmware-code</option>
        <xsl:if test="$vars != ''"><option name="pflash1">firmware-vars</option></xsl:if>
      </xsl:if>
    </argument>
    <xsl:call-template name="firmware"/>

    <argument>-m</argument>
    <argument>
      <option name="size">
        <xsl:call-template name="memory"/>
        <xsl:text>k</xsl:text>
      </option>
    </argument>

    <argument>-smp</argument>
    <argument>
      <xsl:variable name="cpus" select="number(concat('0', normalize-space(/domain/vcpu)))"/>
      <xsl:choose>
        <xsl:when test="$use/@cpus"><option name="cpus"><xsl:value-of select="$use/@cpus"/></option></xsl:when>
        <xsl:otherwise>
          <option name="cpus">
            <xsl:choose>
              <xsl:when test="/domain/vcpu/@current"><xsl:value-of select="/domain/vcpu/@current"/></xsl:when>
              <xsl:when test="$cpus &gt; 0"><xsl:value-of select="$cpus"/></xsl:when>
              <xsl:otherwise>1</xsl:otherwise>
            </xsl:choose>
          </option>
          <xsl:if test="/domain/vcpu/@current"><option name="maxcpus"><xsl:value-of select="$cpus"/></option></xsl:if>
          <xsl:for-each select="/domain/cpu/topology">
            <option name="sockets"><xsl:value-of select="@sockets"/></option>
            <xsl:if test="@dies &gt; 1"><option name="dies"><xsl:value-of select="@dies"/></option></xsl:if>
            <option name="cores"><xsl:value-of select="@cores"/></option>
            <option name="threads"><xsl:value-of select="@threads"/></option>
          </xsl:for-each>
        </xsl:otherwise>
      </xsl:choose>
    </argument>
  </xsl:template>

  <!-- In KiB. -->
  <xsl:template name="memory">
    <xsl:variable name="unit" select="/domain/memory/@unit"/>
    <xsl:variable name="number" select="number(/domain/memory)"/>
    <xsl:variable name="kib">
      <xsl:choose>
        <xsl:when test="$use/@memory"><xsl:value-of select="$use/@memory"/></xsl:when>
        <xsl:when test="not(/domain/memory)">1048576</xsl:when>
        <xsl:when test="not($unit) or $unit = 'KiB' or $unit = 'k'"><xsl:value-of select="$number"/></xsl:when>
        <xsl:when test="$unit = 'MiB' or $unit = 'M'"><xsl:value-of select="$number * 1024"/></xsl:when>
        <xsl:when test="$unit = 'GiB' or $unit = 'G'"><xsl:value-of select="$number * 1048576"/></xsl:when>
        <xsl:otherwise>NaN</xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:if test="not($kib &gt; 0)">
      <xsl:message terminate="yes">
        <xsl:text>&lt;memory&gt; is not a number of KiB, MiB or GiB: </xsl:text>
        <xsl:value-of select="/domain/memory"/>
      </xsl:message>
    </xsl:if>
    <xsl:value-of select="format-number($kib, '0')"/>
  </xsl:template>

  <!-- ==== firmware ==== -->

  <xsl:variable name="code">
    <xsl:choose>
      <xsl:when test="$use/@code"><xsl:value-of select="$use/@code"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="normalize-space($os/loader)"/></xsl:otherwise>
    </xsl:choose>
  </xsl:variable>
  <xsl:variable name="vars">
    <xsl:choose>
      <xsl:when test="$use/@vars"><xsl:value-of select="$use/@vars"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="normalize-space($os/nvram)"/></xsl:otherwise>
    </xsl:choose>
  </xsl:variable>

  <xsl:template name="firmware">
    <xsl:choose>
      <xsl:when test="$uefi">
        <xsl:call-template name="flash">
          <xsl:with-param name="node">firmware-code</xsl:with-param>
          <xsl:with-param name="path" select="$code"/>
          <xsl:with-param name="read-only">true</xsl:with-param>
        </xsl:call-template>
        <xsl:if test="$vars != ''">
          <xsl:call-template name="flash">
            <xsl:with-param name="node">firmware-vars</xsl:with-param>
            <xsl:with-param name="path" select="$vars"/>
            <xsl:with-param name="read-only">false</xsl:with-param>
          </xsl:call-template>
        </xsl:if>
        <xsl:if test="$secure and $is-pc">
          <xsl:call-template name="plain">
            <xsl:with-param name="option">-global</xsl:with-param>
            <xsl:with-param name="value">driver=cfi.pflash01,property=secure,value=on</xsl:with-param>
          </xsl:call-template>
          <xsl:call-template name="plain">
            <xsl:with-param name="option">-global</xsl:with-param>
            <xsl:with-param name="value">ICH9-LPC.disable_s3=1</xsl:with-param>
          </xsl:call-template>
        </xsl:if>
      </xsl:when>
      <xsl:when test="$code != ''">
        <xsl:call-template name="plain">
          <xsl:with-param name="option">-bios</xsl:with-param>
          <xsl:with-param name="value" select="$code"/>
        </xsl:call-template>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="flash">
    <xsl:param name="node"/>
    <xsl:param name="path"/>
    <xsl:param name="read-only"/>
    <argument>-blockdev</argument>
    <argument>
      <object>
        <string name="driver">raw</string>
        <string name="node-name"><xsl:value-of select="$node"/></string>
        <bool name="read-only"><xsl:value-of select="$read-only"/></bool>
        <object name="file">
          <string name="driver">file</string>
          <string name="filename"><xsl:value-of select="$path"/></string>
        </object>
      </object>
    </argument>
  </xsl:template>

  <!-- A kernel from outside the guest. -->
  <xsl:template name="start">
    <xsl:for-each select="$os/kernel | $os/initrd">
      <argument>-<xsl:value-of select="local-name()"/></argument>
      <argument><xsl:value-of select="."/></argument>
    </xsl:for-each>
    <xsl:if test="$os/kernel and $os/cmdline">
      <xsl:call-template name="plain">
        <xsl:with-param name="option">-append</xsl:with-param>
        <xsl:with-param name="value" select="$os/cmdline"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="$os/bootmenu/@enable = 'yes'">
      <xsl:call-template name="plain">
        <xsl:with-param name="option">-boot</xsl:with-param>
        <xsl:with-param name="value">menu=on</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- ==== who the guest is ==== -->

  <xsl:template name="identity">
    <argument>-nodefaults</argument>
    <argument>-no-user-config</argument>
    <argument>-name</argument>
    <argument><option name="guest"><xsl:value-of select="normalize-space(/domain/name)"/></option></argument>
    <xsl:if test="normalize-space(/domain/uuid) != ''">
      <xsl:call-template name="plain">
        <xsl:with-param name="option">-uuid</xsl:with-param>
        <xsl:with-param name="value" select="normalize-space(/domain/uuid)"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space(/domain/genid) != ''">
      <argument>-device</argument>
      <argument>
        <value>vmgenid</value>
        <option name="guid"><xsl:value-of select="normalize-space(/domain/genid)"/></option>
      </argument>
    </xsl:if>
    <xsl:if test="$os/smbios/@mode = 'sysinfo'">
      <xsl:apply-templates select="/domain/sysinfo[not(@type) or @type = 'smbios']/*"/>
    </xsl:if>
    <argument>-rtc</argument>
    <argument>
      <option name="base">
        <xsl:choose>
          <xsl:when test="/domain/clock/@offset = 'localtime'
                          or (/domain/clock/@offset = 'variable' and /domain/clock/@basis = 'localtime')">localtime</xsl:when>
          <xsl:otherwise>utc</xsl:otherwise>
        </xsl:choose>
      </option>
      <xsl:if test="/domain/clock/timer[@name = 'rtc']/@tickpolicy = 'catchup'">
        <option name="driftfix">slew</option>
      </xsl:if>
    </argument>
  </xsl:template>

  <xsl:template match="/domain/sysinfo/*"/>
  <xsl:template match="/domain/sysinfo/bios | /domain/sysinfo/system | /domain/sysinfo/baseBoard
                       | /domain/sysinfo/chassis">
    <argument>-smbios</argument>
    <argument>
      <option name="type">
        <xsl:choose>
          <xsl:when test="self::bios">0</xsl:when>
          <xsl:when test="self::system">1</xsl:when>
          <xsl:when test="self::baseBoard">2</xsl:when>
          <xsl:otherwise>3</xsl:otherwise>
        </xsl:choose>
      </option>
      <xsl:for-each select="entry[contains(' vendor version date release manufacturer product serial uuid sku family asset location ',
                                           concat(' ', @name, ' '))]">
        <option name="{@name}"><xsl:value-of select="."/></option>
      </xsl:for-each>
    </argument>
  </xsl:template>
  <xsl:template match="/domain/sysinfo/oemStrings">
    <argument>-smbios</argument>
    <argument>
      <option name="type">11</option>
      <xsl:for-each select="entry"><option name="value"><xsl:value-of select="."/></option></xsl:for-each>
    </argument>
  </xsl:template>

  <!-- ==== PCI ==== -->

  <xsl:template name="ports">
    <xsl:param name="i" select="1"/>
    <xsl:if test="$i &lt;= $ports">
      <argument>-device</argument>
      <argument>
        <value>pcie-root-port</value>
        <option name="id">port<xsl:value-of select="$i"/></option>
        <option name="bus">pcie.0</option>
        <option name="chassis"><xsl:value-of select="$i"/></option>
        <option name="port"><xsl:value-of select="$i + 15"/></option>
        <option name="addr">
          <xsl:call-template name="hexadecimal">
            <xsl:with-param name="number" select="floor(($i - 1) div 8) + 2"/>
          </xsl:call-template>
          <xsl:text>.</xsl:text>
          <xsl:value-of select="($i - 1) mod 8"/>
        </option>
        <xsl:if test="($i - 1) mod 8 = 0"><option name="multifunction">on</option></xsl:if>
      </argument>
      <xsl:call-template name="ports">
        <xsl:with-param name="i" select="$i + 1"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- Up to 255. -->
  <xsl:template name="hexadecimal">
    <xsl:param name="number"/>
    <xsl:text>0x</xsl:text>
    <xsl:if test="$number &gt; 15"><xsl:value-of select="substring('0123456789abcdef', floor($number div 16) + 1, 1)"/></xsl:if>
    <xsl:value-of select="substring('0123456789abcdef', $number mod 16 + 1, 1)"/>
  </xsl:template>

  <!-- Where a device that speaks PCI Express goes. -->
  <xsl:template name="at-port">
    <xsl:param name="port"/>
    <xsl:if test="$express"><option name="bus">port<xsl:value-of select="$port"/></option></xsl:if>
  </xsl:template>

  <!-- "-transitional" and the like, of a model that begins with virtio. -->
  <xsl:template name="variant">
    <xsl:param name="model"/>
    <xsl:if test="$model = 'virtio-transitional' or $model = 'virtio-non-transitional'">
      <xsl:value-of select="substring-after($model, 'virtio')"/>
    </xsl:if>
  </xsl:template>

  <!-- ==== what qemu itself may do ==== -->

  <!-- A guest that takes it over shall get no further. The helper for bridges is a program with more rights. -->
  <xsl:template name="sandbox">
    <xsl:if test="$use/@sockets">
      <argument>-sandbox</argument>
      <argument>
        <value>on</value>
        <option name="obsolete">deny</option>
        <xsl:if test="not($facts/bridge)">
          <option name="elevateprivileges">deny</option>
          <option name="spawn">deny</option>
        </xsl:if>
        <option name="resourcecontrol">deny</option>
      </argument>
    </xsl:if>
  </xsl:template>

  <!-- ==== screen ==== -->

  <xsl:template name="screen">
    <xsl:variable name="model" select="$devices/video[1]/model"/>
    <xsl:choose>
      <xsl:when test="$use/@display = 'none' or not($devices/graphics) or not($use/@sockets)">
        <argument>-display</argument>
        <argument>none</argument>
      </xsl:when>
      <xsl:otherwise>
        <!-- A port would be open to every user of this host. -->
        <argument>-vnc</argument>
        <argument>
          <value>unix:<xsl:value-of select="$use/@sockets"/>/vnc</value>
        </argument>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:variable name="device">
      <xsl:choose>
        <xsl:when test="$model/@type = 'none'"/>
        <xsl:when test="$model/@type = 'cirrus'">cirrus-vga</xsl:when>
        <xsl:when test="$model/@type = 'qxl'">qxl-vga</xsl:when>
        <xsl:when test="$model/@type = 'virtio' and $is-pc">virtio-vga</xsl:when>
        <xsl:when test="$model/@type = 'virtio'">virtio-gpu-pci</xsl:when>
        <xsl:when test="$model/@type = 'vmvga'">vmware-svga</xsl:when>
        <xsl:when test="$model/@type = 'bochs'">bochs-display</xsl:when>
        <xsl:when test="$model or $is-pc">VGA</xsl:when>
      </xsl:choose>
    </xsl:variable>
    <xsl:if test="$device != ''">
      <argument>-device</argument>
      <argument>
        <value><xsl:value-of select="$device"/></value>
        <xsl:choose>
          <xsl:when test="$q35"><option name="addr">0x1</option></xsl:when>
          <xsl:when test="$i440fx"><option name="addr">0x2</option></xsl:when>
        </xsl:choose>
      </argument>
    </xsl:if>
  </xsl:template>

  <!-- ==== network ==== -->

  <xsl:template match="interface">
    <xsl:variable name="number" select="position()"/>
    <xsl:variable name="bridge" select="source/@bridge | source/@network"/>
    <xsl:variable name="model">
      <xsl:choose>
        <xsl:when test="string(model/@type)"><xsl:value-of select="model/@type"/></xsl:when>
        <xsl:otherwise>e1000</xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:variable name="is-express" select="starts-with($model, 'virtio') or $model = 'e1000e'"/>
    <!-- Its place on the first bus, where neither the screen nor the ports are. -->
    <xsl:variable name="place" select="address[@type = 'pci'][translate(concat(@domain, @bus, @function), '0x', '') = '']/@slot"/>
    <xsl:variable name="slot"
                  select="16 * string-length(substring-before('0123456789abcdef', substring($place, 3, 1)))
                          + string-length(substring-before('0123456789abcdef', substring($place, 4, 1)))"/>
    <xsl:variable name="has-place" select="string-length($place) = 4 and $slot &lt;= 25
                                           and ($i440fx and $slot &gt;= 3 or $q35 and $slot &gt; floor(($ports - 1) div 8) + 2)"/>
    <xsl:if test="$use/@network != 'none'">
      <argument>-netdev</argument>
      <argument>
        <xsl:choose>
          <xsl:when test="$use/@network = 'isolated'">
            <value>user</value>
            <option name="id">net<xsl:value-of select="$number"/></option>
            <option name="restrict">on</option>
          </xsl:when>
          <xsl:when test="$facts/bridge[@name = $bridge]">
            <value>bridge</value>
            <option name="id">net<xsl:value-of select="$number"/></option>
            <option name="br"><xsl:value-of select="$bridge[1]"/></option>
          </xsl:when>
          <xsl:otherwise>
            <value>user</value>
            <option name="id">net<xsl:value-of select="$number"/></option>
          </xsl:otherwise>
        </xsl:choose>
      </argument>
    </xsl:if>
    <argument>-device</argument>
    <argument>
      <value>
        <xsl:choose>
          <xsl:when test="starts-with($model, 'virtio')">
            <xsl:text>virtio-net-pci</xsl:text>
            <xsl:call-template name="variant">
              <xsl:with-param name="model" select="$model"/>
            </xsl:call-template>
          </xsl:when>
          <xsl:otherwise><xsl:value-of select="$model"/></xsl:otherwise>
        </xsl:choose>
      </value>
      <xsl:if test="$use/@network != 'none'"><option name="netdev">net<xsl:value-of select="$number"/></option></xsl:if>
      <xsl:if test="mac/@address"><option name="mac"><xsl:value-of select="mac/@address"/></option></xsl:if>
      <xsl:call-template name="bootindex"/>
      <xsl:choose>
        <xsl:when test="$has-place">
          <xsl:if test="$q35"><option name="bus">pcie.0</option></xsl:if>
          <option name="addr">
            <xsl:call-template name="hexadecimal">
              <xsl:with-param name="number" select="$slot"/>
            </xsl:call-template>
          </option>
        </xsl:when>
        <xsl:when test="$express and $is-express">
          <xsl:call-template name="at-port">
            <xsl:with-param name="port" select="$number"/>
          </xsl:call-template>
        </xsl:when>
        <!-- The first place after the screen's. -->
        <xsl:when test="$i440fx and $number &lt;= 20 and not($nics/address[@type = 'pci'])">
          <option name="addr">
            <xsl:call-template name="hexadecimal">
              <xsl:with-param name="number" select="$number + 2"/>
            </xsl:call-template>
          </option>
        </xsl:when>
      </xsl:choose>
    </argument>
  </xsl:template>

  <!-- ==== serial ports and channels ==== -->

  <xsl:template name="serials">
    <xsl:variable name="serials" select="$devices/serial"/>
    <xsl:choose>
      <xsl:when test="$serials">
        <xsl:for-each select="$serials">
          <xsl:call-template name="serial">
            <xsl:with-param name="i" select="position() - 1"/>
          </xsl:call-template>
        </xsl:for-each>
      </xsl:when>
      <xsl:when test="$use/@serial"><xsl:call-template name="serial"/></xsl:when>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="serial">
    <xsl:param name="i" select="0"/>
    <argument>-chardev</argument>
    <argument>
      <xsl:choose>
        <xsl:when test="$i = 0 and $use/@serial = 'stdio'">
          <value>stdio</value>
          <option name="id">serial0</option>
          <option name="mux">on</option>
          <option name="signal">off</option>
        </xsl:when>
        <xsl:when test="$i = 0 and $use/@serial">
          <value>file</value>
          <option name="id">serial0</option>
          <option name="path"><xsl:value-of select="$use/@serial"/></option>
        </xsl:when>
        <xsl:otherwise>
          <value>null</value>
          <option name="id">serial<xsl:value-of select="$i"/></option>
        </xsl:otherwise>
      </xsl:choose>
    </argument>
    <xsl:if test="$i = 0 and $use/@serial = 'stdio'">
      <argument>-mon</argument>
      <argument>chardev=serial0,mode=readline</argument>
    </xsl:if>
    <xsl:choose>
      <xsl:when test="$is-pc">
        <argument>-device</argument>
        <argument>
          <value>isa-serial</value>
          <option name="chardev">serial<xsl:value-of select="$i"/></option>
          <option name="index"><xsl:value-of select="$i"/></option>
        </argument>
      </xsl:when>
      <xsl:otherwise>
        <argument>-serial</argument>
        <argument>chardev:serial<xsl:value-of select="$i"/></argument>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- What the firmware says where there is no screen to be read, and a port of the caller's own. -->
  <xsl:template name="listeners">
    <xsl:if test="$use/@firmware-log">
      <argument>-chardev</argument>
      <argument>
        <value>file</value>
        <option name="id">v2v-firmware</option>
        <option name="path"><xsl:value-of select="$use/@firmware-log"/></option>
      </argument>
      <argument>-device</argument>
      <argument>isa-debugcon,iobase=0x402,chardev=v2v-firmware</argument>
    </xsl:if>
    <xsl:if test="$use/@mark">
      <argument>-chardev</argument>
      <argument>
        <value>file</value>
        <option name="id">v2v-mark</option>
        <option name="path"><xsl:value-of select="$use/@mark"/></option>
      </argument>
      <argument>-device</argument>
      <argument>isa-serial,chardev=v2v-mark</argument>
    </xsl:if>
  </xsl:template>

  <xsl:template name="channels">
    <xsl:if test="$serial-of-virtio">
      <argument>-device</argument>
      <argument>
        <value>virtio-serial-pci</value>
        <option name="id">virtio-serial0</option>
        <xsl:call-template name="at-port">
          <xsl:with-param name="port" select="$serial-port"/>
        </xsl:call-template>
      </argument>
    </xsl:if>
    <xsl:for-each select="$serial-of-virtio">
      <xsl:variable name="id" select="concat('channel', position())"/>
      <argument>-chardev</argument>
      <argument>
        <xsl:choose>
          <xsl:when test="self::channel[@type = 'unix'] and $use/@sockets">
            <value>socket</value>
            <option name="id"><xsl:value-of select="$id"/></option>
            <option name="path"><xsl:value-of select="concat($use/@sockets, '/', $id)"/></option>
            <option name="server">on</option>
            <option name="wait">off</option>
          </xsl:when>
          <xsl:otherwise>
            <value>null</value>
            <option name="id"><xsl:value-of select="$id"/></option>
          </xsl:otherwise>
        </xsl:choose>
      </argument>
      <argument>-device</argument>
      <argument>
        <value>
          <xsl:choose>
            <xsl:when test="self::channel">virtserialport</xsl:when>
            <xsl:otherwise>virtconsole</xsl:otherwise>
          </xsl:choose>
        </value>
        <option name="chardev"><xsl:value-of select="$id"/></option>
        <xsl:if test="self::channel"><option name="name"><xsl:value-of select="target/@name"/></option></xsl:if>
      </argument>
    </xsl:for-each>
  </xsl:template>

  <!-- ==== disks ==== -->

  <!-- The number of the letters a, b ... z, aa ... at the end of a disk's name: 0 for sda. Called
       at the disk. -->
  <xsl:template name="index">
    <xsl:variable name="all" select="'abcdefghijklmnopqrstuvwxyz'"/>
    <xsl:variable name="letters">
      <xsl:choose>
        <xsl:when test="starts-with(target/@dev, 'nvme')"/>
        <xsl:when test="starts-with(target/@dev, 'xvd')"><xsl:value-of select="substring(target/@dev, 4)"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="substring(target/@dev, 3)"/></xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:variable name="last" select="substring($letters, string-length($letters))"/>
    <xsl:choose>
      <xsl:when test="string-length($letters) = 1">
        <xsl:value-of select="string-length(substring-before($all, $last))"/>
      </xsl:when>
      <xsl:when test="string-length($letters) = 2">
        <xsl:value-of select="(string-length(substring-before($all, substring($letters, 1, 1))) + 1) * 26
                              + string-length(substring-before($all, $last))"/>
      </xsl:when>
      <xsl:otherwise>0</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- The controller, and the place on it, of a disk: its address, else what its name says.
       Called at the disk. -->
  <xsl:template name="controller">
    <xsl:param name="places"/>
    <xsl:variable name="index"><xsl:call-template name="index"/></xsl:variable>
    <xsl:choose>
      <xsl:when test="address[@type = 'drive']/@controller"><xsl:value-of select="number(address/@controller)"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="floor($index div $places)"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>
  <xsl:template name="place">
    <xsl:param name="places"/>
    <xsl:variable name="index"><xsl:call-template name="index"/></xsl:variable>
    <xsl:choose>
      <xsl:when test="address[@type = 'drive']/@unit"><xsl:value-of select="number(address/@unit)"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="$index mod $places"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- The highest number of a controller that one of DISKS is on, empty if there is no disk. -->
  <xsl:template name="highest">
    <xsl:param name="disks"/>
    <xsl:param name="places"/>
    <xsl:for-each select="$disks">
      <xsl:sort data-type="number" order="descending"
                select="concat(address[@type = 'drive']/@controller,
                               substring('0', 1, not(address[@type = 'drive']/@controller)))"/>
      <xsl:if test="position() = 1">
        <xsl:variable name="by-address">
          <xsl:choose>
            <xsl:when test="address[@type = 'drive']/@controller"><xsl:value-of select="number(address/@controller)"/></xsl:when>
            <xsl:otherwise>0</xsl:otherwise>
          </xsl:choose>
        </xsl:variable>
        <xsl:variable name="by-name">
          <xsl:for-each select="$disks[not(address[@type = 'drive']/@controller)]">
            <xsl:sort select="string-length(target/@dev)" data-type="number" order="descending"/>
            <xsl:sort select="target/@dev" order="descending"/>
            <xsl:if test="position() = 1">
              <xsl:call-template name="controller">
                <xsl:with-param name="places" select="$places"/>
              </xsl:call-template>
            </xsl:if>
          </xsl:for-each>
        </xsl:variable>
        <xsl:choose>
          <xsl:when test="number(concat('0', $by-name)) &gt; $by-address"><xsl:value-of select="$by-name"/></xsl:when>
          <xsl:otherwise><xsl:value-of select="$by-address"/></xsl:otherwise>
        </xsl:choose>
      </xsl:if>
    </xsl:for-each>
  </xsl:template>

  <xsl:variable name="last-scsi">
    <xsl:call-template name="highest">
      <xsl:with-param name="disks" select="$scsi-disks"/>
      <xsl:with-param name="places" select="7"/>
    </xsl:call-template>
  </xsl:variable>
  <xsl:variable name="scsi-controllers" select="count($scsi-disks[1]) * (number(concat('0', $last-scsi)) + 1)"/>
  <xsl:variable name="sata-disks" select="$devices/disk[target/@bus = 'sata']"/>
  <xsl:variable name="last-sata">
    <xsl:call-template name="highest">
      <xsl:with-param name="disks" select="$sata-disks"/>
      <xsl:with-param name="places" select="6"/>
    </xsl:call-template>
  </xsl:variable>

  <xsl:template name="too-many">
    <xsl:param name="number"/>
    <xsl:if test="$number &gt; 63">
      <xsl:message terminate="yes">
        <xsl:text>a disk is on controller </xsl:text>
        <xsl:value-of select="$number"/>
        <xsl:text>, but there can be at most 64 controllers of one kind</xsl:text>
      </xsl:message>
    </xsl:if>
  </xsl:template>

  <xsl:template name="scsi-controllers">
    <xsl:param name="i" select="0"/>
    <xsl:call-template name="too-many">
      <xsl:with-param name="number" select="$scsi-controllers - 1"/>
    </xsl:call-template>
    <xsl:if test="$i &lt; $scsi-controllers">
      <xsl:variable name="model" select="$devices/controller[@type = 'scsi'][@index = $i]/@model"/>
      <argument>-device</argument>
      <argument>
        <value>
          <xsl:choose>
            <xsl:when test="starts-with($model, 'virtio')">
              <xsl:text>virtio-scsi-pci</xsl:text>
              <xsl:call-template name="variant">
                <xsl:with-param name="model" select="$model"/>
              </xsl:call-template>
            </xsl:when>
            <xsl:when test="$model = 'lsisas1068'">mptsas1068</xsl:when>
            <xsl:when test="$model = 'lsisas1078'">megasas</xsl:when>
            <xsl:when test="$model = 'vmpvscsi'">pvscsi</xsl:when>
            <xsl:otherwise>lsi53c895a</xsl:otherwise>
          </xsl:choose>
        </value>
        <option name="id">scsi<xsl:value-of select="$i"/></option>
        <xsl:if test="starts-with($model, 'virtio')">
          <xsl:call-template name="at-port">
            <xsl:with-param name="port" select="$scsi-port + $i"/>
          </xsl:call-template>
        </xsl:if>
      </argument>
      <xsl:call-template name="scsi-controllers">
        <xsl:with-param name="i" select="$i + 1"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- Q35 has the first of them built in. -->
  <xsl:template name="sata-controllers">
    <xsl:param name="i" select="number($q35)"/>
    <xsl:call-template name="too-many">
      <xsl:with-param name="number" select="number(concat('0', $last-sata))"/>
    </xsl:call-template>
    <xsl:if test="$sata-disks and $i &lt;= $last-sata">
      <argument>-device</argument>
      <argument>
        <value>ich9-ahci</value>
        <option name="id">sata<xsl:value-of select="$i"/></option>
      </argument>
      <xsl:call-template name="sata-controllers">
        <xsl:with-param name="i" select="$i + 1"/>
      </xsl:call-template>
    </xsl:if>
  </xsl:template>

  <!-- Its place in the order of booting, as an option of the device. Called at the device. -->
  <xsl:template name="bootindex">
    <xsl:variable name="kind">
      <xsl:choose>
        <xsl:when test="self::interface">network</xsl:when>
        <xsl:when test="@device = 'cdrom'">cdrom</xsl:when>
        <xsl:when test="@device = 'floppy'">fd</xsl:when>
        <xsl:otherwise>hd</xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:choose>
      <xsl:when test="boot/@order"><option name="bootindex"><xsl:value-of select="boot/@order"/></option></xsl:when>
      <xsl:when test="$devices/*/boot/@order"/>
      <xsl:when test="$os/boot[@dev = $kind] or (not($os/boot) and $kind = 'hd')">
        <xsl:variable name="before" select="count($os/boot[@dev = $kind][1]/preceding-sibling::boot)"/>
        <option name="bootindex">
          <xsl:value-of select="$before * 1000
                                + count(preceding-sibling::*[self::disk or self::interface]) + 1"/>
        </option>
      </xsl:when>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="disk">
    <xsl:variable name="dev" select="string(target/@dev)"/>
    <xsl:variable name="other" select="$facts/disk[@target = $dev][1]"/>
    <xsl:variable name="is-medium" select="@device = 'cdrom' or @device = 'floppy'"/>
    <xsl:variable name="empty" select="$is-medium and not($other)
                                       and ($use/@media = 'none' or not(source/@file or source/@dev)
                                            or $facts/missing[@file = current()/source/@file])"/>
    <!-- Names of nodes have to be short and plain: the disk's number will do. -->
    <xsl:variable name="node" select="concat('disk', count(preceding-sibling::disk))"/>
    <xsl:if test="not($empty)">
      <argument>-blockdev</argument>
      <argument>
        <object>
          <string name="node-name"><xsl:value-of select="$node"/></string>
          <bool name="read-only"><xsl:value-of select="boolean(readonly or @device = 'cdrom')"/></bool>
          <xsl:choose>
            <xsl:when test="$other">
              <string name="driver"><xsl:value-of select="$other/@format"/></string>
              <object name="file">
                <string name="driver">file</string>
                <string name="filename"><xsl:value-of select="$other/@path"/></string>
              </object>
            </xsl:when>
            <xsl:otherwise>
              <xsl:if test="driver/@discard = 'unmap'"><string name="discard">unmap</string></xsl:if>
              <xsl:if test="driver/@cache = 'none' or driver/@cache = 'directsync'">
                <object name="cache"><bool name="direct">true</bool></object>
              </xsl:if>
              <xsl:call-template name="layer">
                <xsl:with-param name="format" select="driver/@type"/>
              </xsl:call-template>
            </xsl:otherwise>
          </xsl:choose>
        </object>
      </argument>
    </xsl:if>
    <xsl:call-template name="disk-device">
      <xsl:with-param name="node" select="$node"/>
      <xsl:with-param name="empty" select="$empty"/>
    </xsl:call-template>
  </xsl:template>

  <!-- One image, and what it is built on. Called at the disk, or at a backingStore. Where the
       document says nothing of what is below, it is what the image records. -->
  <xsl:template name="layer">
    <xsl:param name="format"/>
    <xsl:variable name="slice" select="source/slices/slice[@type = 'storage'][1]"/>
    <xsl:if test="not(source/@file or source/@dev)">
      <xsl:message terminate="yes">
        <xsl:text>the disk </xsl:text>
        <xsl:value-of select="ancestor-or-self::disk/target/@dev"/>
        <xsl:text> is not a local file or device (its type is </xsl:text>
        <xsl:value-of select="@type"/>
        <xsl:text>): only local files and devices can be given to qemu</xsl:text>
      </xsl:message>
    </xsl:if>
    <string name="driver">
      <xsl:choose>
        <xsl:when test="string($format)"><xsl:value-of select="$format"/></xsl:when>
        <xsl:otherwise>raw</xsl:otherwise>
      </xsl:choose>
    </string>
    <object name="file">
      <xsl:choose>
        <xsl:when test="$slice">
          <string name="driver">raw</string>
          <int name="offset"><xsl:value-of select="$slice/@offset"/></int>
          <int name="size"><xsl:value-of select="$slice/@size"/></int>
          <object name="file"><xsl:call-template name="protocol"/></object>
        </xsl:when>
        <xsl:otherwise><xsl:call-template name="protocol"/></xsl:otherwise>
      </xsl:choose>
    </object>
    <xsl:choose>
      <xsl:when test="backingStore/source">
        <object name="backing">
          <xsl:for-each select="backingStore">
            <xsl:call-template name="layer">
              <xsl:with-param name="format" select="format/@type"/>
            </xsl:call-template>
          </xsl:for-each>
        </object>
      </xsl:when>
      <xsl:when test="backingStore and string($format) != '' and $format != 'raw'"><null name="backing"/></xsl:when>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="protocol">
    <string name="driver">
      <xsl:choose>
        <xsl:when test="source/@file">file</xsl:when>
        <xsl:when test="ancestor-or-self::disk/@device = 'cdrom'">host_cdrom</xsl:when>
        <xsl:otherwise>host_device</xsl:otherwise>
      </xsl:choose>
    </string>
    <string name="filename"><xsl:value-of select="source/@file | source/@dev"/></string>
  </xsl:template>

  <!-- What the guest sees of it. Called at the disk. -->
  <xsl:template name="disk-device">
    <xsl:param name="node"/>
    <xsl:param name="empty"/>
    <xsl:variable name="bus" select="string(target/@bus)"/>
    <xsl:variable name="cd" select="@device = 'cdrom'"/>
    <xsl:variable name="place">
      <xsl:call-template name="place">
        <xsl:with-param name="places" select="6 * number($bus = 'sata') + 7 * number($bus = 'scsi')
                                              + 4 * number($bus != 'sata' and $bus != 'scsi')"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:if test="$bus = 'fdc' and $q35 and not(preceding-sibling::disk[target/@bus = 'fdc'])">
      <argument>-device</argument>
      <argument>isa-fdc</argument>
    </xsl:if>
    <argument>-device</argument>
    <argument>
      <xsl:choose>
        <xsl:when test="$bus = 'virtio'">
          <value>
            <xsl:text>virtio-blk-pci</xsl:text>
            <xsl:call-template name="variant">
              <xsl:with-param name="model" select="@model"/>
            </xsl:call-template>
          </value>
          <xsl:call-template name="at-port">
            <xsl:with-param name="port" select="$disk-port + count(preceding-sibling::disk[target/@bus = 'virtio'])"/>
          </xsl:call-template>
        </xsl:when>
        <xsl:when test="$bus = 'nvme'">
          <value>nvme</value>
          <xsl:call-template name="at-port">
            <xsl:with-param name="port" select="$nvme-port + count(preceding-sibling::disk[target/@bus = 'nvme'])"/>
          </xsl:call-template>
        </xsl:when>
        <xsl:when test="$bus = 'scsi'">
          <xsl:variable name="controller">
            <xsl:call-template name="controller">
              <xsl:with-param name="places" select="7"/>
            </xsl:call-template>
          </xsl:variable>
          <value>
            <xsl:choose>
              <xsl:when test="$cd">scsi-cd</xsl:when>
              <xsl:otherwise>scsi-hd</xsl:otherwise>
            </xsl:choose>
          </value>
          <option name="bus">scsi<xsl:value-of select="$controller"/>.0</option>
          <xsl:choose>
            <xsl:when test="starts-with($devices/controller[@type = 'scsi'][@index = $controller]/@model, 'virtio')">
              <option name="scsi-id"><xsl:value-of select="number(concat('0', address[@type = 'drive']/@target))"/></option>
              <option name="lun"><xsl:value-of select="$place"/></option>
            </xsl:when>
            <xsl:otherwise><option name="scsi-id"><xsl:value-of select="$place"/></option></xsl:otherwise>
          </xsl:choose>
        </xsl:when>
        <xsl:when test="$bus = 'sata' or $bus = 'ide'">
          <xsl:variable name="controller">
            <xsl:call-template name="controller">
              <xsl:with-param name="places" select="6"/>
            </xsl:call-template>
          </xsl:variable>
          <value>
            <xsl:choose>
              <xsl:when test="$cd">ide-cd</xsl:when>
              <xsl:otherwise>ide-hd</xsl:otherwise>
            </xsl:choose>
          </value>
          <xsl:choose>
            <xsl:when test="$bus = 'ide' and address[@type = 'drive']">
              <option name="bus">ide.<xsl:value-of select="number(concat('0', address/@bus))"/></option>
              <option name="unit"><xsl:value-of select="$place"/></option>
            </xsl:when>
            <xsl:when test="$bus = 'ide'">
              <option name="bus">ide.<xsl:value-of select="floor($place div 2)"/></option>
              <option name="unit"><xsl:value-of select="$place mod 2"/></option>
            </xsl:when>
            <xsl:when test="$q35 and $controller = 0"><option name="bus">ide.<xsl:value-of select="$place"/></option></xsl:when>
            <xsl:otherwise>
              <option name="bus">sata<xsl:value-of select="$controller"/>.<xsl:value-of select="$place"/></option>
            </xsl:otherwise>
          </xsl:choose>
        </xsl:when>
        <xsl:when test="$bus = 'usb'">
          <value>usb-storage</value>
          <option name="bus">usb.0</option>
          <xsl:if test="$cd or target/@removable = 'on'"><option name="removable">on</option></xsl:if>
        </xsl:when>
        <xsl:when test="$bus = 'fdc'">
          <value>floppy</value>
          <option name="unit"><xsl:value-of select="$place mod 2"/></option>
        </xsl:when>
        <xsl:otherwise>
          <xsl:message terminate="yes">
            <xsl:text>the disk </xsl:text>
            <xsl:value-of select="target/@dev"/>
            <xsl:text> is on the bus "</xsl:text>
            <xsl:value-of select="$bus"/>
            <xsl:text>": expected virtio, scsi, sata, ide, nvme, usb or fdc</xsl:text>
          </xsl:message>
        </xsl:otherwise>
      </xsl:choose>
      <xsl:if test="not($empty)"><option name="drive"><xsl:value-of select="$node"/></option></xsl:if>
      <xsl:choose>
        <xsl:when test="$bus = 'fdc'"/>
        <!-- The device takes no more. -->
        <xsl:when test="serial and $bus = 'virtio'">
          <option name="serial"><xsl:value-of select="substring(normalize-space(serial), 1, 20)"/></option>
        </xsl:when>
        <xsl:when test="serial"><option name="serial"><xsl:value-of select="normalize-space(serial)"/></option></xsl:when>
        <!-- It has to have one. -->
        <xsl:when test="$bus = 'nvme'"><option name="serial"><xsl:value-of select="target/@dev"/></option></xsl:when>
      </xsl:choose>
      <xsl:if test="wwn and ($bus = 'scsi' or $bus = 'sata' or $bus = 'ide')">
        <option name="wwn">0x<xsl:value-of select="normalize-space(wwn)"/></option>
      </xsl:if>
      <xsl:if test="vendor and $bus = 'scsi'"><option name="vendor"><xsl:value-of select="vendor"/></option></xsl:if>
      <xsl:if test="product and $bus = 'scsi'"><option name="product"><xsl:value-of select="product"/></option></xsl:if>
      <xsl:if test="not($empty)"><xsl:call-template name="bootindex"/></xsl:if>
    </argument>
  </xsl:template>

  <!-- ==== the rest ==== -->

  <xsl:template name="usb">
    <xsl:if test="$usb">
      <argument>-device</argument>
      <argument>
        <value>qemu-xhci</value>
        <option name="id">usb</option>
        <xsl:call-template name="at-port">
          <xsl:with-param name="port" select="$usb-port"/>
        </xsl:call-template>
      </argument>
    </xsl:if>
  </xsl:template>

  <!-- Those of PS/2 are part of the machine. -->
  <xsl:template match="input"/>
  <xsl:template match="input[@bus = 'usb']">
    <argument>-device</argument>
    <argument>
      <value>
        <xsl:choose>
          <xsl:when test="@type = 'keyboard'">usb-kbd</xsl:when>
          <xsl:when test="@type = 'mouse'">usb-mouse</xsl:when>
          <xsl:otherwise>usb-tablet</xsl:otherwise>
        </xsl:choose>
      </value>
      <option name="bus">usb.0</option>
    </argument>
  </xsl:template>
  <xsl:template match="input[@bus = 'virtio']">
    <argument>-device</argument>
    <argument>
      <value>
        <xsl:choose>
          <xsl:when test="@type = 'keyboard'">virtio-keyboard-pci</xsl:when>
          <xsl:when test="@type = 'mouse'">virtio-mouse-pci</xsl:when>
          <xsl:otherwise>virtio-tablet-pci</xsl:otherwise>
        </xsl:choose>
      </value>
    </argument>
  </xsl:template>

  <xsl:template match="sound">
    <xsl:variable name="audio" select="concat('audio', position())"/>
    <xsl:variable name="hda" select="@model = 'ich6' or @model = 'ich9'"/>
    <xsl:variable name="device">
      <xsl:choose>
        <xsl:when test="@model = 'ich6'">intel-hda</xsl:when>
        <xsl:when test="@model = 'ich9'">ich9-intel-hda</xsl:when>
        <xsl:when test="@model = 'ac97'">AC97</xsl:when>
        <xsl:when test="@model = 'es1370'">ES1370</xsl:when>
        <xsl:when test="@model = 'sb16'">sb16</xsl:when>
        <xsl:when test="@model = 'usb'">usb-audio</xsl:when>
      </xsl:choose>
    </xsl:variable>
    <xsl:if test="$device != ''">
      <argument>-audiodev</argument>
      <argument><value>none</value><option name="id"><xsl:value-of select="$audio"/></option></argument>
      <argument>-device</argument>
      <argument>
        <value><xsl:value-of select="$device"/></value>
        <xsl:choose>
          <xsl:when test="$hda"><option name="id">hda<xsl:value-of select="position()"/></option></xsl:when>
          <xsl:otherwise><option name="audiodev"><xsl:value-of select="$audio"/></option></xsl:otherwise>
        </xsl:choose>
        <xsl:if test="@model = 'usb'"><option name="bus">usb.0</option></xsl:if>
      </argument>
      <xsl:if test="$hda">
        <argument>-device</argument>
        <argument>
          <value>hda-duplex</value>
          <option name="bus">hda<xsl:value-of select="position()"/>.0</option>
          <option name="audiodev"><xsl:value-of select="$audio"/></option>
        </argument>
      </xsl:if>
    </xsl:if>
  </xsl:template>

  <xsl:template name="tpm">
    <xsl:if test="$use/@tpm and $devices/tpm">
      <argument>-chardev</argument>
      <argument>
        <value>socket</value>
        <option name="id">tpm0</option>
        <option name="path"><xsl:value-of select="$use/@tpm"/></option>
      </argument>
      <argument>-tpmdev</argument>
      <argument>emulator,id=tpm0,chardev=tpm0</argument>
      <argument>-device</argument>
      <argument>
        <value>
          <xsl:choose>
            <xsl:when test="not($is-pc)">tpm-tis-device</xsl:when>
            <xsl:when test="$devices/tpm/@model = 'tpm-tis'">tpm-tis</xsl:when>
            <xsl:otherwise>tpm-crb</xsl:otherwise>
          </xsl:choose>
        </value>
        <option name="tpmdev">tpm0</option>
      </argument>
    </xsl:if>
  </xsl:template>

  <xsl:template match="watchdog"/>
  <xsl:template match="watchdog[@model = 'i6300esb' or @model = 'ib700']">
    <argument>-device</argument>
    <argument><value><xsl:value-of select="@model"/></value></argument>
  </xsl:template>

  <xsl:template match="panic"/>
  <xsl:template match="panic[@model = 'isa']">
    <argument>-device</argument>
    <argument>pvpanic</argument>
  </xsl:template>

  <xsl:template name="balloon">
    <xsl:for-each select="$balloon[1]">
      <argument>-device</argument>
      <argument>
        <value>
          <xsl:text>virtio-balloon-pci</xsl:text>
          <xsl:call-template name="variant">
            <xsl:with-param name="model" select="@model"/>
          </xsl:call-template>
        </value>
        <xsl:call-template name="at-port">
          <xsl:with-param name="port" select="$balloon-port"/>
        </xsl:call-template>
      </argument>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="rng">
    <xsl:variable name="id" select="concat('rng', position())"/>
    <argument>-object</argument>
    <argument>
      <value>rng-random</value>
      <option name="id"><xsl:value-of select="$id"/></option>
      <option name="filename">/dev/urandom</option>
    </argument>
    <argument>-device</argument>
    <argument>
      <value>
        <xsl:text>virtio-rng-pci</xsl:text>
        <xsl:call-template name="variant">
          <xsl:with-param name="model" select="@model"/>
        </xsl:call-template>
      </value>
      <option name="rng"><xsl:value-of select="$id"/></option>
      <xsl:call-template name="at-port">
        <xsl:with-param name="port" select="$rng-port + position() - 1"/>
      </xsl:call-template>
    </argument>
  </xsl:template>
</xsl:stylesheet>
