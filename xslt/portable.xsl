<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     Copies of a domain what is known to mean the same on another host, and leaves out everything else.

     A template for an element selects which attributes and children of it are copied. An element that is selected and has no
     template is copied with its text alone. So whatever nobody thought of stays behind: what a hypervisor alone has, and every
     file, device, socket and address of the old host that a document could name. doc/domain.md has the list for people.

     What somebody could miss is said in one message per kind. Places on buses, aliases and security labels are left out
     silently. Places, machines and models of controllers stay where the domain is one of QEMU already. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>
  <xsl:strip-space elements="*"/>

  <xsl:param name="facts" select="/.."/>

  <xsl:variable name="is-ours" select="/domain/@type = 'kvm' or /domain/@type = 'qemu'"/>
  <xsl:variable name="devices" select="/domain/devices"/>
  <xsl:variable name="arch" select="string(/domain/os/type/@arch)"/>
  <xsl:variable name="is-pc" select="$arch = '' or $arch = 'x86_64' or $arch = 'i686'"/>
  <xsl:variable name="has-spice" select="boolean($devices/graphics[@type = 'spice'])"/>

  <!-- ==== what is selected ==== -->

  <xsl:template match="*">
    <xsl:copy><xsl:apply-templates select="text()"/></xsl:copy>
  </xsl:template>
  <xsl:template match="@*">
    <xsl:copy/>
  </xsl:template>
  <xsl:template match="comment() | processing-instruction()"/>

  <!-- ==== the domain ==== -->

  <xsl:template match="/domain">
    <domain>
      <xsl:if test="$is-ours"><xsl:copy-of select="@type"/></xsl:if>
      <xsl:call-template name="say"/>
      <!-- The schema has these three together. -->
      <xsl:apply-templates select="name"/>
      <xsl:apply-templates select="uuid"/>
      <xsl:apply-templates select="genid"/>
      <xsl:apply-templates select="title | description | metadata | maxMemory[../cpu/numa/cell] | memory | currentMemory
                                   | memoryBacking | vcpu | vcpus[$is-ours] | iothreads | iothreadids | sysinfo | os | features | cpu
                                   | clock | on_poweroff | on_reboot | on_crash | pm | devices"/>
    </domain>
  </xsl:template>

  <!-- What people and management programs note there concerns no host. -->
  <xsl:template match="/domain/metadata">
    <xsl:copy><xsl:apply-templates select="*"/></xsl:copy>
  </xsl:template>
  <!-- Made anew, so that no declaration of a hypervisor's namespace comes along. -->
  <xsl:template match="/domain/metadata//*">
    <xsl:element name="{name()}" namespace="{namespace-uri()}">
      <xsl:copy-of select="@*"/>
      <xsl:apply-templates select="* | text()"/>
    </xsl:element>
  </xsl:template>

  <xsl:template match="/domain/memory"><xsl:copy><xsl:apply-templates select="@unit | @dumpCore | text()"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/maxMemory"><xsl:copy><xsl:apply-templates select="@unit | @slots | text()"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/currentMemory"><xsl:copy><xsl:apply-templates select="@unit | text()"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/memoryBacking">
    <xsl:if test="nosharepages"><xsl:copy><nosharepages/></xsl:copy></xsl:if>
  </xsl:template>
  <xsl:template match="/domain/vcpu">
    <xsl:copy><xsl:apply-templates select="@placement[. = 'static'] | @current | text()"/></xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/vcpus"><xsl:copy><xsl:apply-templates select="vcpu"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/vcpus/vcpu"><xsl:copy><xsl:apply-templates select="@id | @enabled | @hotpluggable | @order"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/iothreadids"><xsl:copy><xsl:apply-templates select="iothread"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/iothreadids/iothread"><xsl:copy><xsl:apply-templates select="@id"/></xsl:copy></xsl:template>

  <!-- Actions that the target does not have become the one that is nearest. -->
  <xsl:template match="/domain/on_poweroff | /domain/on_reboot | /domain/on_crash">
    <xsl:copy>
      <xsl:choose>
        <!-- What ends for good when it would start anew cannot start anew when it ends. -->
        <xsl:when test="self::on_poweroff and ../on_reboot and not(contains(../on_reboot, 'restart'))">destroy</xsl:when>
        <xsl:when test="normalize-space() = 'restart' or normalize-space() = 'rename-restart'">restart</xsl:when>
        <xsl:when test="self::on_crash and normalize-space() = 'preserve'">preserve</xsl:when>
        <xsl:when test="self::on_crash and starts-with(normalize-space(), 'coredump-')"><xsl:value-of select="normalize-space()"/></xsl:when>
        <xsl:otherwise>destroy</xsl:otherwise>
      </xsl:choose>
    </xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/pm"><xsl:copy><xsl:apply-templates select="suspend-to-mem | suspend-to-disk"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/pm/*"><xsl:copy><xsl:apply-templates select="@enabled"/></xsl:copy></xsl:template>

  <!-- What the firmware tells the guest of its machine: numbers that licences hang on. libvirt has the UUID from the domain. -->
  <xsl:template match="/domain/sysinfo"/>
  <xsl:template match="/domain/sysinfo[@type = 'smbios']">
    <xsl:copy><xsl:apply-templates select="@type | bios | system | baseBoard | chassis | oemStrings"/></xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/sysinfo[@type = 'fwcfg']">
    <xsl:if test="entry[not(@file)]">
      <xsl:copy><xsl:apply-templates select="@type | entry[not(@file)]"/></xsl:copy>
    </xsl:if>
  </xsl:template>
  <xsl:template match="/domain/sysinfo/*"><xsl:copy><xsl:apply-templates select="entry[not(../self::system and @name = 'uuid')]"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/sysinfo/system[not(entry[@name != 'uuid'])]"/>
  <xsl:template match="/domain/sysinfo//entry"><xsl:copy><xsl:apply-templates select="@name | text()"/></xsl:copy></xsl:template>

  <!-- ==== how it starts ==== -->

  <!-- Firmware as the system installs it lies there on every host, and everybody may read it. Where libvirt is asked to choose, it
       has written down what it chose. -->
  <xsl:variable name="loader" select="/domain/os/loader[$is-ours][not(../@firmware)][not(@type) or @type = 'rom' or @type = 'pflash']
                                      [starts-with(normalize-space(), '/usr/share/')][not(contains(., '/..'))]"/>

  <xsl:variable name="is-efi" select="/domain/os/@firmware = 'efi' or (/domain/os/loader/@type = 'pflash' and not($loader))"/>
  <!-- What the image that stays behind demanded. -->
  <xsl:variable name="adds-secure-boot" select="$is-efi and /domain/os/loader/@secure = 'yes' and not(/domain/os/firmware/feature[@name = 'secure-boot'])"/>

  <xsl:template match="/domain/os">
    <xsl:copy>
      <xsl:apply-templates select="@firmware[. = 'efi' or . = 'bios']"/>
      <xsl:apply-templates select="type | firmware[$is-efi] | $loader | nvram[$is-ours][$is-efi or $loader] | bootmenu | bios
                                   | boot[not($devices/disk/boot or $devices/interface/boot or $devices/redirdev/boot)][contains(' fd hd cdrom network ', concat(' ', @dev, ' '))]
                                   | smbios[@mode = 'emulate' or (@mode = 'sysinfo' and /domain/sysinfo/@type = 'smbios')]"/>
      <xsl:if test="$adds-secure-boot and not(firmware)">
        <firmware><feature enabled="yes" name="secure-boot"/></firmware>
      </xsl:if>
    </xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/os/type">
    <xsl:copy>
      <xsl:apply-templates select="@arch | @machine[$is-ours]"/>
      <xsl:text>hvm</xsl:text>
    </xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/os/firmware">
    <xsl:copy>
      <xsl:apply-templates select="feature[@name = 'enrolled-keys' or @name = 'secure-boot']"/>
      <xsl:if test="$adds-secure-boot"><feature enabled="yes" name="secure-boot"/></xsl:if>
    </xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/os/firmware/feature"><xsl:copy><xsl:apply-templates select="@enabled | @name"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/os/loader">
    <xsl:copy><xsl:apply-templates select="@readonly | @secure | @type | @stateless"/><xsl:value-of select="normalize-space()"/></xsl:copy>
  </xsl:template>
  <!-- The file of the guest's own EFI variables. It is looked into before it is copied. -->
  <xsl:template match="/domain/os/nvram">
    <xsl:variable name="path" select="normalize-space(source/@file | text()[not(../source)])"/>
    <xsl:if test="starts-with($path, '/')">
      <xsl:copy>
        <xsl:apply-templates select="@template[not(../../@firmware)][starts-with(., '/usr/share/')][not(contains(., '/..'))]"/>
        <xsl:value-of select="$path"/>
      </xsl:copy>
    </xsl:if>
  </xsl:template>
  <xsl:template match="/domain/os/bootmenu"><xsl:copy><xsl:apply-templates select="@enable | @timeout"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/os/bios"><xsl:copy><xsl:apply-templates select="@useserial | @rebootTimeout"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/os/smbios"><xsl:copy><xsl:apply-templates select="@mode"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/os/boot"><xsl:copy><xsl:apply-templates select="@dev"/></xsl:copy></xsl:template>

  <!-- ==== processor ==== -->

  <xsl:template match="/domain/features">
    <xsl:copy>
      <xsl:apply-templates select="acpi | pmu | vmcoreinfo | kvm | (apic | pae | hyperv | pvspinlock | vmport | smm | ioapic | msrs)[$is-pc]
                                   | gic[@version = 2 or @version = 3][$arch = 'aarch64'] | (hpt | htm | nested-hv | ccf-assist | cfpc | sbbc | ibs)[starts-with($arch, 'ppc64')]"/>
    </xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/features/*">
    <xsl:copy><xsl:apply-templates select="@state | @eoi | @version | @driver | @resizing | @unknown | @value"/></xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/features/smm"><xsl:copy><xsl:apply-templates select="@state | tseg"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/features/smm/tseg"><xsl:copy><xsl:apply-templates select="@unit | text()"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/features/hpt"><xsl:copy><xsl:apply-templates select="@resizing | maxpagesize"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/features/hpt/maxpagesize"><xsl:copy><xsl:apply-templates select="@unit | text()"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/features/hyperv">
    <xsl:copy>
      <xsl:apply-templates select="@mode[. = 'custom'] | relaxed | vapic | spinlocks | vpindex | runtime | synic | stimer | reset | vendor_id
                                   | frequencies | reenlightenment | tlbflush | ipi"/>
    </xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/features/hyperv/*"><xsl:copy><xsl:apply-templates select="@state | @retries | @value | self::stimer/direct"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/features/hyperv/stimer/direct"><xsl:copy><xsl:apply-templates select="@state"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/features/kvm"><xsl:copy><xsl:apply-templates select="hidden | hint-dedicated | poll-control | pv-ipi"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/features/kvm/*"><xsl:copy><xsl:apply-templates select="@state"/></xsl:copy></xsl:template>

  <xsl:variable name="topology" select="/domain/cpu/topology"/>
  <xsl:variable name="in-sockets">
    <xsl:variable name="clusters"><xsl:choose><xsl:when test="$topology/@clusters"><xsl:value-of select="$topology/@clusters"/></xsl:when><xsl:otherwise>1</xsl:otherwise></xsl:choose></xsl:variable>
    <xsl:variable name="dies"><xsl:choose><xsl:when test="$topology/@dies"><xsl:value-of select="$topology/@dies"/></xsl:when><xsl:otherwise>1</xsl:otherwise></xsl:choose></xsl:variable>
    <xsl:value-of select="$topology/@sockets * $dies * $clusters * $topology/@cores * $topology/@threads"/>
  </xsl:variable>
  <!-- libvirt takes none that is of another number of processors. -->
  <xsl:variable name="topology-fits" select="number($in-sockets) = number(/domain/vcpu)"/>

  <xsl:template match="/domain/cpu">
    <xsl:variable name="of-host" select="@mode = 'host-passthrough' or @mode = 'maximum'"/>
    <xsl:variable name="is-said" select="$of-host or @mode = 'host-model' or normalize-space(model)"/>
    <xsl:copy>
      <xsl:apply-templates select="(@mode | @match | @check | model[normalize-space()] | feature)[$is-said] | @migratable[$of-host] | vendor[normalize-space(../model)]
                                   | topology[$topology-fits] | numa | cache[($of-host and @mode = 'passthrough') or (@mode = 'emulate' and @level = 3) or (@mode = 'disable' and not(@level))] | maxphysaddr[(@mode = 'emulate') = boolean(@bits)]"/>
    </xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/cpu/model"><xsl:copy><xsl:apply-templates select="@fallback | @vendor_id | text()"/></xsl:copy></xsl:template>
  <!-- One of these is as good as none, and an older libvirt does not know them. -->
  <xsl:template match="/domain/cpu/topology"><xsl:copy><xsl:apply-templates select="@sockets | @dies[. != '1'] | @clusters[. != '1'] | @cores | @threads"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/cpu/feature"><xsl:copy><xsl:apply-templates select="@policy | @name"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/cpu/cache"><xsl:copy><xsl:apply-templates select="@level | @mode"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/cpu/maxphysaddr"><xsl:copy><xsl:apply-templates select="@mode | @bits"/></xsl:copy></xsl:template>
  <!-- The guest's own, which its software was set up for. -->
  <xsl:template match="/domain/cpu/numa"><xsl:copy><xsl:apply-templates select="cell"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/cpu/numa/cell"><xsl:copy><xsl:apply-templates select="@id | @cpus | @memory | @unit | distances"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/cpu/numa/cell/distances"><xsl:copy><xsl:apply-templates select="sibling"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/cpu/numa/cell/distances/sibling"><xsl:copy><xsl:apply-templates select="@id | @value"/></xsl:copy></xsl:template>

  <xsl:template match="/domain/clock">
    <xsl:copy>
      <xsl:attribute name="offset">
        <xsl:choose>
          <xsl:when test="not(@offset) or (@offset = 'timezone' and not(@timezone))">utc</xsl:when>
          <xsl:otherwise><xsl:value-of select="@offset"/></xsl:otherwise>
        </xsl:choose>
      </xsl:attribute>
      <xsl:apply-templates select="@adjustment | @basis | @timezone | @start
                                   | timer[contains(' rtc pit hpet kvmclock hypervclock ', concat(' ', @name, ' ')) or ($is-ours and $is-pc and @name = 'tsc') or ($arch = 'aarch64' and @name = 'armvtimer')]"/>
    </xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/clock/timer">
    <xsl:copy><xsl:apply-templates select="@name | @present | @tickpolicy | @track | @frequency | catchup"/></xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/clock/timer/catchup"><xsl:copy><xsl:apply-templates select="@threshold | @slew | @limit"/></xsl:copy></xsl:template>

  <!-- ==== devices ==== -->

  <xsl:template match="/domain/devices">
    <xsl:copy>
      <xsl:apply-templates select="disk | controller[contains(' usb ide sata scsi fdc ccid virtio-serial ', concat(' ', @type, ' '))][not(starts-with(@model, 'qusb'))]
                                   | controller[@type = 'pci'][$is-ours] | interface | input | sound | audio | graphics | video | serial | console | parallel | channel
                                   | smartcard | hub[$is-ours] | redirdev | rng | tpm | memory | watchdog | memballoon | panic | vsock
                                   | iommu[$is-ours]"/>
      <!-- A guest that has a video card has a screen, whether the document says how to see it or not. -->
      <xsl:if test="video[not(model/@type = 'none')] and not(graphics)">
        <graphics type="vnc" autoport="yes"/>
      </xsl:if>
    </xsl:copy>
  </xsl:template>

  <!-- A name that somebody gave, and the place: the guest may know the device by it. -->
  <xsl:template match="/domain/devices/*/alias"><xsl:copy><xsl:apply-templates select="@name"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices//address"><xsl:copy><xsl:copy-of select="@*"/><xsl:apply-templates select="zpci"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices//address/zpci"><xsl:copy><xsl:copy-of select="@uid | @fid"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/*/acpi"><xsl:copy><xsl:apply-templates select="@index"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/*/boot"><xsl:copy><xsl:apply-templates select="@order | @loadparm"/></xsl:copy></xsl:template>
  <xsl:template name="place">
    <xsl:apply-templates select="alias[starts-with(@name, 'ua-')] | address[$is-ours] | acpi[$is-ours]"/>
  </xsl:template>
  <!-- How virtio devices work. -->
  <xsl:template name="virtio"><xsl:apply-templates select="@iommu | @ats | @packed | @page_per_vq"/></xsl:template>
  <xsl:template match="/domain/devices/*/driver">
    <xsl:if test="@iommu | @ats | @packed | @page_per_vq"><xsl:copy><xsl:call-template name="virtio"/></xsl:copy></xsl:if>
  </xsl:template>

  <!-- ==== disks ==== -->

  <!-- Fixed ones: the storage says where they lie. -->
  <xsl:template match="/domain/devices/disk">
    <xsl:copy>
      <xsl:apply-templates select="@type | @device | @model[$is-ours]"/>
      <xsl:apply-templates select="driver | source | target | serial | wwn | vendor | product | readonly | shareable | transient | iotune | blockio
                                   | boot"/>
      <xsl:call-template name="place"/>
    </xsl:copy>
  </xsl:template>
  <!-- A medium is a file or a device of the old host: the drive stays, and is empty. Only a PC has a controller for floppies. -->
  <xsl:template match="/domain/devices/disk[@device = 'cdrom' or @device = 'floppy']">
    <xsl:if test="@device = 'cdrom' or $is-pc">
      <xsl:copy>
        <xsl:attribute name="type">file</xsl:attribute>
        <xsl:apply-templates select="@device | driver[$is-ours] | target | serial | wwn | vendor | product | readonly | boot"/>
        <xsl:call-template name="place"/>
      </xsl:copy>
    </xsl:if>
  </xsl:template>
  <xsl:template match="/domain/devices/disk/driver">
    <xsl:copy>
      <xsl:apply-templates select="@name[. = 'qemu'][$is-ours] | @type[not(../../@device = 'cdrom' or ../../@device = 'floppy') or . = 'raw'] | @cache | @discard | @detect_zeroes | @error_policy | @rerror_policy | @copy_on_read | @queues | @queue_size
                                   | @ioeventfd | @event_idx | @iothread[/domain/iothreads or /domain/iothreadids]
                                   | @io[. != 'native' or ../@cache = 'none' or ../@cache = 'directsync']"/>
      <xsl:call-template name="virtio"/>
      <xsl:apply-templates select="metadata_cache"/>
    </xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/devices/disk/driver/metadata_cache"><xsl:copy><xsl:apply-templates select="max_size"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/disk/driver/metadata_cache/max_size"><xsl:copy><xsl:apply-templates select="@unit | text()"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/disk/source"><xsl:copy><xsl:apply-templates select="@file | @dev | slices"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/disk/source/slices"><xsl:copy><xsl:apply-templates select="slice"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/disk/source/slices/slice"><xsl:copy><xsl:apply-templates select="@type | @offset | @size"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/disk/target">
    <xsl:copy><xsl:apply-templates select="@dev | @bus | @removable[../@bus = 'usb'] | @rotation_rate[../@bus = 'scsi' or ../@bus = 'ide' or ../@bus = 'sata']"/></xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/devices/disk/blockio"><xsl:copy><xsl:apply-templates select="@logical_block_size | @physical_block_size"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/disk/iotune"><xsl:copy><xsl:apply-templates select="*"/></xsl:copy></xsl:template>

  <!-- ==== controllers ==== -->

  <!-- Models are of the old machine, but for those of USB and of virtio. -->
  <xsl:template match="/domain/devices/controller">
    <xsl:copy>
      <xsl:apply-templates select="@type | @index | @ports | @vectors"/>
      <xsl:apply-templates select="@model[$is-ours or starts-with(., 'virtio') or (../@type = 'usb' and contains($usb-models, concat(' ', ., ' ')))]"/>
      <xsl:apply-templates select="driver | master"/>
      <xsl:if test="$is-ours"><xsl:apply-templates select="model | target | pcihole64"/></xsl:if>
      <xsl:call-template name="place"/>
    </xsl:copy>
  </xsl:template>
  <xsl:variable name="usb-models"> piix3-uhci piix4-uhci ehci ich9-ehci1 ich9-uhci1 ich9-uhci2 ich9-uhci3 nec-xhci qemu-xhci none </xsl:variable>
  <xsl:template match="/domain/devices/controller/driver">
    <xsl:variable name="kept" select="@queues | @cmd_per_lun | @max_sectors | @ioeventfd | @iothread[/domain/iothreads or /domain/iothreadids]"/>
    <xsl:if test="$kept | @iommu | @ats | @packed | @page_per_vq">
      <xsl:copy><xsl:apply-templates select="$kept"/><xsl:call-template name="virtio"/></xsl:copy>
    </xsl:if>
  </xsl:template>
  <xsl:template match="/domain/devices/controller/master"><xsl:copy><xsl:apply-templates select="@startport"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/controller/model"><xsl:copy><xsl:apply-templates select="@name"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/controller/target">
    <xsl:copy><xsl:apply-templates select="@chassisNr | @chassis | @port | @busNr | @index | @hotplug"/></xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/devices/controller/pcihole64"><xsl:copy><xsl:apply-templates select="@unit | text()"/></xsl:copy></xsl:template>

  <!-- ==== network ==== -->

  <!-- What a card is connected to is named by a network or a bridge. Anything else (a card of the old host, a port of a switch of its
       own, a network with a name for people) gets a bridge of that name if somebody says what takes its place, else libvirt's usual
       network. A bridge is a device of the host, with a name of 15 letters, digits and a few signs at most. -->
  <xsl:variable name="bridge-signs">ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-</xsl:variable>
  <xsl:variable name="unbridged" select="/domain/devices/interface[@type = 'bridge'][not(normalize-space(source/@bridge)) or string-length(source/@bridge) &gt; 15
                                                                                     or translate(source/@bridge, $bridge-signs, '') != '']
                                         [not($connections[not(@old)])][not($connections/@old = source/@bridge)]
                                         [not($connections/@old = translate(mac/@address, 'ABCDEF', 'abcdef'))]"/>
  <xsl:variable name="connections" select="$facts/mapping[@kind = 'network' or @kind = 'bridge']"/>

  <xsl:template match="/domain/devices/interface">
    <xsl:variable name="name" select="(source/@portgroupid | source/@dev | source/@name)[1]"/>
    <xsl:variable name="switch" select="virtualport[@type = 'openvswitch']"/>
    <xsl:variable name="is-unbridged" select="count(. | $unbridged) = count($unbridged)"/>
    <xsl:copy>
      <xsl:attribute name="type">
        <xsl:choose>
          <xsl:when test="$is-unbridged"><xsl:text>network</xsl:text></xsl:when>
          <xsl:when test="@type = 'network' and source/@network != ''"><xsl:text>network</xsl:text></xsl:when>
          <xsl:when test="@type = 'bridge' and source/@bridge"><xsl:text>bridge</xsl:text></xsl:when>
          <xsl:when test="@type = 'user'">user</xsl:when>
          <xsl:when test="source/@portgroupid or $facts/mapping[@old = $name]">bridge</xsl:when>
          <xsl:otherwise>network</xsl:otherwise>
        </xsl:choose>
      </xsl:attribute>
      <xsl:apply-templates select="mac"/>
      <xsl:choose>
        <xsl:when test="$is-unbridged"><source network="default"/></xsl:when>
        <xsl:when test="@type = 'network' and source/@network != ''"><source network="{source/@network}"/></xsl:when>
        <xsl:when test="@type = 'bridge' and source/@bridge"><source bridge="{source/@bridge}"/></xsl:when>
        <xsl:when test="@type = 'user'"/>
        <xsl:when test="source/@portgroupid or $facts/mapping[@old = $name]"><source bridge="{$name}"/></xsl:when>
        <xsl:otherwise><source network="default"/></xsl:otherwise>
      </xsl:choose>
      <xsl:apply-templates select="model | driver"/>
      <xsl:if test="@type = 'bridge'"><xsl:apply-templates select="$switch"/></xsl:if>
      <xsl:apply-templates select="boot | rom[not(@file)] | bandwidth | mtu | port
                                   | filterref[@filter = 'clean-traffic' or @filter = 'clean-traffic-gateway']"/>
      <xsl:if test="@type = 'bridge' and $switch"><xsl:apply-templates select="vlan"/></xsl:if>
      <!-- A card without a connection stays without one. -->
      <xsl:choose>
        <xsl:when test="@type = 'null' and not($facts/mapping/@old = translate(mac/@address, 'ABCDEF', 'abcdef'))"><link state="down"/></xsl:when>
        <xsl:otherwise><xsl:apply-templates select="link"/></xsl:otherwise>
      </xsl:choose>
      <xsl:call-template name="place"/>
    </xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/devices/interface/mac"><xsl:copy><xsl:apply-templates select="@address"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/interface/model"><xsl:copy><xsl:apply-templates select="@type"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/interface/link"><xsl:copy><xsl:apply-templates select="@state"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/interface/mtu"><xsl:copy><xsl:apply-templates select="@size"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/interface/port"><xsl:copy><xsl:apply-templates select="@isolated"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/interface/rom"><xsl:copy><xsl:apply-templates select="@bar | @enabled"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/interface/filterref"><xsl:copy><xsl:apply-templates select="@filter | parameter"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/interface/filterref/parameter"><xsl:copy><xsl:apply-templates select="@name | @value"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/interface/bandwidth"><xsl:copy><xsl:apply-templates select="inbound | outbound"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/interface/bandwidth/*"><xsl:copy><xsl:apply-templates select="@average | @peak | @burst | @floor[../../../@type = 'network']"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/interface/virtualport"><xsl:copy><xsl:apply-templates select="@type | parameters"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/interface/virtualport/parameters"><xsl:copy><xsl:apply-templates select="@interfaceid | @profileid"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/interface/vlan"><xsl:copy><xsl:apply-templates select="@trunk | tag"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/interface/vlan/tag"><xsl:copy><xsl:apply-templates select="@id | @nativeMode"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/interface/driver">
    <xsl:copy>
      <xsl:apply-templates select="@name[. = 'qemu' or . = 'vhost'] | @queues | @rx_queue_size | @tx_queue_size | @txmode | @ioeventfd | @event_idx
                                   | @rss | @rss_hash_report"/>
      <xsl:call-template name="virtio"/>
      <xsl:apply-templates select="host | guest"/>
    </xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/devices/interface/driver/*">
    <xsl:copy><xsl:apply-templates select="@csum | @gso | @tso4 | @tso6 | @ecn | @ufo | @mrg_rxbuf"/></xsl:copy>
  </xsl:template>

  <!-- ==== lines ==== -->

  <!-- The other end was a file, a device or a socket of the old host: now it is a pseudo terminal. -->
  <xsl:template match="/domain/devices/serial | /domain/devices/console">
    <xsl:if test="self::serial or not(target/@type) or contains(' serial virtio sclp sclplm ', concat(' ', target/@type, ' '))">
      <xsl:copy>
        <xsl:attribute name="type">
          <xsl:choose>
            <xsl:when test="@type = 'null'">null</xsl:when>
            <xsl:otherwise>pty</xsl:otherwise>
          </xsl:choose>
        </xsl:attribute>
        <xsl:apply-templates select="target"/>
        <xsl:call-template name="place"/>
      </xsl:copy>
    </xsl:if>
  </xsl:template>
  <xsl:template match="/domain/devices/serial/target">
    <xsl:copy><xsl:apply-templates select="@type[$is-ours] | @port | model[$is-ours]"/></xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/devices/serial/target/model"><xsl:copy><xsl:apply-templates select="@name"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/console/target"><xsl:copy><xsl:apply-templates select="@type | @port"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/parallel">
    <xsl:if test="$is-pc and (@type = 'pty' or @type = 'null')">
      <xsl:copy>
        <xsl:apply-templates select="@type | target"/>
        <xsl:call-template name="place"/>
      </xsl:copy>
    </xsl:if>
  </xsl:template>
  <xsl:template match="/domain/devices/parallel/target"><xsl:copy><xsl:apply-templates select="@port"/></xsl:copy></xsl:template>

  <!-- A channel of the guest keeps its name; libvirt makes the socket. -->
  <xsl:template match="/domain/devices/channel">
    <xsl:if test="target/@type = 'virtio' and (@type != 'spicevmc' or $has-spice)">
      <xsl:copy>
        <xsl:choose>
          <xsl:when test="@type = 'spicevmc' or @type = 'pty'"><xsl:apply-templates select="@type"/></xsl:when>
          <xsl:when test="@type = 'qemu-vdagent'"><xsl:apply-templates select="@type | source"/></xsl:when>
          <xsl:otherwise><xsl:attribute name="type">unix</xsl:attribute></xsl:otherwise>
        </xsl:choose>
        <xsl:apply-templates select="target"/>
        <xsl:call-template name="place"/>
      </xsl:copy>
    </xsl:if>
  </xsl:template>
  <xsl:template match="/domain/devices/channel/target"><xsl:copy><xsl:apply-templates select="@type | @name"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/channel/source"><xsl:copy><xsl:apply-templates select="clipboard | mouse"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/channel/source/clipboard"><xsl:copy><xsl:apply-templates select="@copypaste"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/channel/source/mouse"><xsl:copy><xsl:apply-templates select="@mode"/></xsl:copy></xsl:template>

  <!-- What the viewer passes on to the guest. -->
  <xsl:template match="/domain/devices/redirdev | /domain/devices/smartcard">
    <xsl:if test="$has-spice and @type = 'spicevmc'">
      <xsl:copy>
        <xsl:apply-templates select="@bus | @mode | @type | boot"/>
        <xsl:call-template name="place"/>
      </xsl:copy>
    </xsl:if>
  </xsl:template>

  <!-- ==== screen, sound, input ==== -->

  <!-- A window on the old host's own screen, or its own way to watch from afar, becomes one that every host has. -->
  <xsl:template match="/domain/devices/graphics">
    <xsl:if test="not($devices/graphics[@type = 'vnc' or @type = 'spice']) and not(preceding-sibling::graphics)">
      <graphics type="vnc" autoport="yes"/>
    </xsl:if>
  </xsl:template>
  <!-- Every host has these. -->
  <xsl:variable name="loopback"> 127.0.0.1 ::1 localhost </xsl:variable>

  <!-- Where else to listen, ports and keys for TLS are the new host's to say. A password stays: nobody may look in without it. -->
  <xsl:template match="/domain/devices/graphics[@type = 'vnc' or @type = 'spice']">
    <xsl:copy>
      <xsl:apply-templates select="@type | @port[. = '-1'] | @autoport[. = 'yes'] | @listen[contains($loopback, concat(' ', ., ' '))] | @keymap | @passwd
                                   | @passwdValidTo[../@passwd] | @connected[../@passwd] | @sharePolicy | @powerControl"/>
      <xsl:if test="not(@autoport = 'yes' or listen/@type = 'none')">
        <xsl:attribute name="autoport">yes</xsl:attribute>
      </xsl:if>
      <xsl:apply-templates select="listen[@type = 'none' or (@type = 'address' and contains($loopback, concat(' ', @address, ' ')))] | image | jpeg | zlib
                                   | playback | streaming | clipboard | mouse | filetransfer"/>
    </xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/devices/graphics/*">
    <xsl:copy><xsl:apply-templates select="@type | @address[contains($loopback, concat(' ', ., ' '))] | @compression | @mode | @copypaste | @enable"/></xsl:copy>
  </xsl:template>

  <!-- What has no card like it here gets the one that every machine has, which is the first. -->
  <xsl:template priority="1" match="/domain/devices/video[preceding-sibling::video][not(model/@type = 'virtio' or model/@type = 'qxl')]"/>
  <xsl:template match="/domain/devices/video">
    <xsl:copy>
      <xsl:apply-templates select="driver"/>
      <xsl:choose>
        <xsl:when test="contains(' vga cirrus virtio qxl none bochs ramfb ', concat(' ', model/@type, ' '))"><xsl:apply-templates select="model"/></xsl:when>
        <xsl:otherwise><model type="vga"/></xsl:otherwise>
      </xsl:choose>
      <xsl:call-template name="place"/>
    </xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/devices/video/driver">
    <xsl:if test="@vgaconf | @iommu | @ats | @packed | @page_per_vq">
      <xsl:copy><xsl:apply-templates select="@vgaconf"/><xsl:call-template name="virtio"/></xsl:copy>
    </xsl:if>
  </xsl:template>
  <xsl:template match="/domain/devices/video/model">
    <xsl:copy>
      <xsl:apply-templates select="@type | @vram | @heads | @primary | resolution | (@ram | @vgamem | @vram64)[../@type = 'qxl']"/>
    </xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/devices/video/model/resolution"><xsl:copy><xsl:apply-templates select="@x | @y"/></xsl:copy></xsl:template>

  <xsl:template match="/domain/devices/sound">
    <xsl:if test="contains(' sb16 es1370 pcspk ac97 ich6 ich7 ich9 usb ', concat(' ', @model, ' '))">
      <xsl:copy>
        <xsl:apply-templates select="@model | codec | audio[@id = $devices/audio[@type = 'none']/@id]"/>
        <xsl:call-template name="place"/>
      </xsl:copy>
    </xsl:if>
  </xsl:template>
  <xsl:template match="/domain/devices/sound/codec"><xsl:copy><xsl:apply-templates select="@type"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/sound/audio"><xsl:copy><xsl:apply-templates select="@id"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/audio">
    <xsl:if test="@type = 'none'"><xsl:copy><xsl:apply-templates select="@id | @type"/></xsl:copy></xsl:if>
  </xsl:template>

  <xsl:template match="/domain/devices/input">
    <xsl:if test="contains(' tablet mouse keyboard ', concat(' ', @type, ' ')) and (not(@bus) or contains(' ps2 usb virtio ', concat(' ', @bus, ' ')))">
      <xsl:copy>
        <xsl:apply-templates select="@type | @bus | @model[../@bus = 'virtio'] | driver"/>
        <xsl:call-template name="place"/>
      </xsl:copy>
    </xsl:if>
  </xsl:template>

  <!-- ==== other devices ==== -->

  <xsl:template match="/domain/devices/hub"><xsl:copy><xsl:apply-templates select="@type"/><xsl:call-template name="place"/></xsl:copy></xsl:template>

  <!-- Random numbers come from the new host, whatever gave them before. -->
  <xsl:template match="/domain/devices/rng">
    <xsl:copy>
      <xsl:attribute name="model"><xsl:value-of select="concat(substring(@model, 1 div starts-with(@model, 'virtio')), substring('virtio', 1 div not(starts-with(@model, 'virtio'))))"/></xsl:attribute>
      <xsl:apply-templates select="rate"/>
      <xsl:choose>
        <xsl:when test="backend/@model = 'builtin'"><backend model="builtin"/></xsl:when>
        <xsl:when test="backend/@model = 'random' and normalize-space(backend) = '/dev/random'"><backend model="random">/dev/random</backend></xsl:when>
        <xsl:otherwise><backend model="random">/dev/urandom</backend></xsl:otherwise>
      </xsl:choose>
      <xsl:apply-templates select="driver"/>
      <xsl:call-template name="place"/>
    </xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/devices/rng/rate"><xsl:copy><xsl:apply-templates select="@bytes | @period"/></xsl:copy></xsl:template>

  <xsl:template match="/domain/devices/tpm">
    <xsl:if test="backend/@type = 'emulator'">
      <xsl:copy>
        <xsl:apply-templates select="@model | backend"/>
        <xsl:call-template name="place"/>
      </xsl:copy>
    </xsl:if>
  </xsl:template>
  <xsl:template match="/domain/devices/tpm/backend"><xsl:copy><xsl:apply-templates select="@type | @version | @persistent_state | active_pcr_banks"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/tpm/backend/active_pcr_banks"><xsl:copy><xsl:apply-templates select="sha1 | sha256 | sha384 | sha512"/></xsl:copy></xsl:template>

  <!-- Modules of memory; those that keep their contents are files of the host. -->
  <xsl:template match="/domain/devices/memory">
    <xsl:if test="(@model = 'dimm' or @model = 'virtio-mem') and /domain/cpu/numa/cell">
      <xsl:copy>
        <xsl:apply-templates select="@model | target"/>
        <xsl:call-template name="place"/>
      </xsl:copy>
    </xsl:if>
  </xsl:template>
  <xsl:template match="/domain/devices/memory/target"><xsl:copy><xsl:apply-templates select="size | node | block | requested"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/memory/target/*"><xsl:copy><xsl:apply-templates select="@unit | text()"/></xsl:copy></xsl:template>

  <xsl:template match="/domain/devices/watchdog">
    <!-- The machine has one of Intel's chips anyway, and an older libvirt does not know it. -->
    <xsl:if test="@model = 'i6300esb' or ($is-pc and (@model = 'ib700' or (@model = 'itco' and @action and @action != 'reset'))) or ($arch = 's390x' and @model = 'diag288')">
      <xsl:copy><xsl:apply-templates select="@model | @action"/><xsl:call-template name="place"/></xsl:copy>
    </xsl:if>
  </xsl:template>
  <xsl:template match="/domain/devices/memballoon">
    <xsl:if test="@model = 'none' or starts-with(@model, 'virtio')">
      <xsl:copy>
        <xsl:apply-templates select="@model | @autodeflate | @freePageReporting | stats | driver"/>
        <xsl:call-template name="place"/>
      </xsl:copy>
    </xsl:if>
  </xsl:template>
  <xsl:template match="/domain/devices/memballoon/stats"><xsl:copy><xsl:apply-templates select="@period"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/panic">
    <xsl:if test="(not(@model) or ($is-pc and (@model = 'isa' or @model = 'hyperv')) or (starts-with($arch, 'ppc64') and @model = 'pseries')
                   or ($arch = 's390x' and @model = 's390')) and not(preceding-sibling::panic[string(@model) = string(current()/@model)])">
      <xsl:copy><xsl:apply-templates select="@model"/><xsl:call-template name="place"/></xsl:copy>
    </xsl:if>
  </xsl:template>
  <!-- Its number may be another guest's on the new host. -->
  <xsl:template match="/domain/devices/vsock">
    <xsl:copy>
      <xsl:apply-templates select="@model[starts-with(., 'virtio')]"/>
      <cid auto="yes"/>
      <xsl:apply-templates select="driver"/>
      <xsl:call-template name="place"/>
    </xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/devices/iommu"><xsl:copy><xsl:apply-templates select="@model | driver"/><xsl:call-template name="place"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/iommu/driver">
    <xsl:copy><xsl:apply-templates select="@intremap | @caching_mode | @eim | @iotlb | @aw_bits"/></xsl:copy>
  </xsl:template>

  <!-- ==== what is said ==== -->

  <!-- NODES as text, "one, two", each cut to a length that fits in a line. -->
  <xsl:template name="list">
    <xsl:param name="nodes"/>
    <xsl:for-each select="$nodes[position() &lt;= 8]">
      <xsl:if test="position() &gt; 1">, </xsl:if>
      <xsl:value-of select="substring(normalize-space(), 1, 100)"/>
    </xsl:for-each>
    <xsl:if test="count($nodes) &gt; 8"> ...</xsl:if>
  </xsl:template>

  <xsl:template name="tell">
    <xsl:param name="nodes"/>
    <xsl:param name="before"/>
    <xsl:param name="shown" select="$nodes"/>
    <xsl:param name="after"/>
    <xsl:if test="$nodes">
      <xsl:message>
        <xsl:value-of select="$before"/>
        <xsl:if test="$shown">
          <xsl:text> (</xsl:text>
          <xsl:call-template name="list"><xsl:with-param name="nodes" select="$shown"/></xsl:call-template>
          <xsl:text>)</xsl:text>
        </xsl:if>
        <xsl:value-of select="$after"/>
      </xsl:message>
    </xsl:if>
  </xsl:template>

  <!-- Called at the domain. -->
  <xsl:template name="say">
    <xsl:variable name="unmapped" select="devices/interface[not(@type = 'network' or @type = 'bridge' or @type = 'user')][not($connections[not(@old)])]
                                          [not($connections/@old = (source/@portgroupid | source/@dev | source/@name))]
                                          [not($connections/@old = translate(mac/@address, 'ABCDEF', 'abcdef'))]"/>
    <!-- libvirt writes the first serial line once more, as a console. -->
    <xsl:variable name="lines" select="devices/serial | devices/parallel | devices/console[not(../serial)]"/>
    <xsl:call-template name="tell">
      <xsl:with-param name="nodes" select="devices/hostdev/@type | devices/interface[@type = 'hostdev' or @type = 'vdpa']/@type
                                           | devices/input[@type = 'passthrough' or @type = 'evdev']/@type | devices/tpm[backend/@type != 'emulator']/backend/@type"/>
      <xsl:with-param name="before">devices of the old host were passed through to the guest</xsl:with-param>
      <xsl:with-param name="after">, and none of them is in the new domain: add devices of the new host with virsh edit</xsl:with-param>
    </xsl:call-template>
    <xsl:call-template name="tell">
      <xsl:with-param name="nodes" select="devices/filesystem"/>
      <xsl:with-param name="shown" select="devices/filesystem/source/@dir | devices/filesystem/source/@name | devices/filesystem/source/@file | devices/filesystem/source/@dev | devices/filesystem/source/@socket"/>
      <xsl:with-param name="before">directories of the old host were shared with the guest</xsl:with-param>
      <xsl:with-param name="after">, and none of them is shared by the new domain: add directories of the new host with virsh edit</xsl:with-param>
    </xsl:call-template>
    <xsl:call-template name="tell">
      <xsl:with-param name="nodes" select="devices/disk[@device = 'cdrom' or @device = 'floppy']/source[@*]/@*[name() = 'file' or name() = 'dev' or name() = 'name' or name() = 'volume' or name() = 'dir']"/>
      <xsl:with-param name="before">the guest's drives for CD-ROMs and floppies contained media of the old host</xsl:with-param>
      <xsl:with-param name="after">: the drives of the new domain are empty; insert media with virsh change-media</xsl:with-param>
    </xsl:call-template>
    <xsl:call-template name="tell">
      <xsl:with-param name="nodes" select="(os/kernel | os/initrd)[not(/domain/bootloader)] | os/root | os/dtb | os/acpi/table | os/shim | sysinfo/entry/@file | devices/*/rom/@file
                                           | devices/memory/source/path | devices/pstore/path | os/varstore/@path | os/nvram[not($is-ours)][text()]
                                           | os/loader[$is-ours][not(../@firmware)][not($loader)][normalize-space()]"/>
      <xsl:with-param name="before">the guest's machine used files of the old host</xsl:with-param>
      <xsl:with-param name="after">, and the new domain uses none of them: if the guest needs one, copy it to the new host and name it with virsh edit</xsl:with-param>
    </xsl:call-template>
    <xsl:call-template name="tell">
      <xsl:with-param name="nodes" select="$lines[contains(' file dev pipe unix tcp udp nmdm spiceport dbus ', concat(' ', @type, ' ')) or log/@file]
                                           | devices/channel[not(target/@name = 'org.qemu.guest_agent.0')][not(target/@type = 'xen')][source/@path or source/@host or target/@type = 'guestfwd']"/>
      <xsl:with-param name="shown" select="($lines | devices/channel[not(target/@name = 'org.qemu.guest_agent.0')][not(target/@type = 'xen')])
                                           [not(@type = 'pty')]/source/@*[name() = 'path' or name() = 'host'] | $lines/log/@file
                                           | devices/channel[target/@type = 'guestfwd']/target/@address"/>
      <xsl:with-param name="before">character devices of the guest were connected to files, devices or sockets of the old host</xsl:with-param>
      <xsl:with-param name="after">: serial lines become pseudo terminals of the new host, channels get new sockets, and other character devices are left out; connect them with virsh edit</xsl:with-param>
    </xsl:call-template>
    <xsl:call-template name="tell">
      <xsl:with-param name="nodes" select="(devices/graphics/@listen | devices/graphics/listen/@address | devices/graphics/listen/@network | devices/graphics/@socket | devices/graphics/listen/@socket
                                           | devices/graphics/@tlsPort[. != '-1'] | devices/graphics/@websocket[. != '-1'] | devices/graphics/gl/@rendernode)
                                           [not(contains($loopback, concat(' ', ., ' ')))]"/>
      <xsl:with-param name="before">the guest's screen was offered at addresses, ports or sockets of the old host</xsl:with-param>
      <xsl:with-param name="after">: the new host offers it at its default address, which usually only the new host itself can reach; change that with virsh edit</xsl:with-param>
    </xsl:call-template>
    <xsl:call-template name="tell">
      <xsl:with-param name="nodes" select="devices/video/model/acceleration[@accel3d = 'yes']/@accel3d | devices/graphics/gl[@enable = 'yes']/@enable"/>
      <xsl:with-param name="shown" select="/.."/>
      <xsl:with-param name="before">the old host's graphics card drew the guest's screen</xsl:with-param>
      <xsl:with-param name="after">: the new domain has no graphics acceleration; if the new host supports it, add it with virsh edit</xsl:with-param>
    </xsl:call-template>
    <xsl:call-template name="tell">
      <xsl:with-param name="nodes" select="$unmapped"/>
      <xsl:with-param name="shown" select="$unmapped/mac/@address"/>
      <xsl:with-param name="before">network cards of the guest were connected in a way that depends on the old host</xsl:with-param>
      <xsl:with-param name="after">: each card is connected to a bridge with the name of its port group or, if it has none, to the network "default"; choose other connections with --mac, --network or --bridge</xsl:with-param>
    </xsl:call-template>
    <xsl:call-template name="tell">
      <xsl:with-param name="nodes" select="$unbridged"/>
      <xsl:with-param name="shown" select="$unbridged/source/@bridge[normalize-space()][not(. = ../../preceding-sibling::interface/source/@bridge)]"/>
      <xsl:with-param name="before">network cards of the guest were connected to networks whose names cannot be the names of bridges</xsl:with-param>
      <xsl:with-param name="after">: these cards are connected to the network "default"; choose other connections with --mac, --network or --bridge</xsl:with-param>
    </xsl:call-template>
    <!-- Networks of these are no bridges, which a host of Linux would have in the same way. -->
    <xsl:variable name="foreign" select="devices/interface[@type = 'bridge'][contains(' vmware virtualbox hyperv parallels ', concat(' ', $facts/source/@hypervisor, ' '))]
                                         [count(. | $unbridged) != count($unbridged)][not($connections[not(@old)])][not($connections/@old = source/@bridge)]
                                         [not($connections/@old = translate(mac/@address, 'ABCDEF', 'abcdef'))]"/>
    <xsl:call-template name="tell">
      <xsl:with-param name="nodes" select="$foreign"/>
      <xsl:with-param name="shown" select="$foreign/source/@bridge[not(. = ../../preceding-sibling::interface/source/@bridge)]"/>
      <xsl:with-param name="before">network cards of the guest are connected to bridges with the names of its old networks</xsl:with-param>
      <xsl:with-param name="after">: the guest starts only if the new host has such bridges; choose other connections with --mac, --network or --bridge</xsl:with-param>
    </xsl:call-template>
    <xsl:call-template name="tell">
      <xsl:with-param name="nodes" select="devices/interface/ip/@address | devices/interface/route/@address | devices/interface/portForward/@proto
                                           | devices/interface/filterref[not(@filter = 'clean-traffic' or @filter = 'clean-traffic-gateway')]/@filter
                                           | devices/interface/vlan[not(../@type = 'bridge' and ../virtualport/@type = 'openvswitch')]/tag/@id
                                           | devices/interface/source/@portgroup
                                           | devices/interface[@type = 'network' or @type = 'bridge']/virtualport[not(../@type = 'bridge' and @type = 'openvswitch')]/@type"/>
      <xsl:with-param name="before">the old host filtered or routed the traffic of the guest's network cards</xsl:with-param>
      <xsl:with-param name="after">: the new domain has no such filters, addresses, VLANs or switch ports; add them with virsh edit</xsl:with-param>
    </xsl:call-template>
    <xsl:call-template name="tell">
      <xsl:with-param name="nodes" select="vcpu/@cpuset | cputune/*[contains(local-name(), 'pin')] | numatune/* | memtune/* | blkiotune/* | memoryBacking/hugepages | memoryBacking/locked
                                           | resource/partition[not(. = '/machine')]"/>
      <xsl:with-param name="shown" select="/.."/>
      <xsl:with-param name="before">the old host gave the guest certain processors, memory or shares of them</xsl:with-param>
      <xsl:with-param name="after"> (vcpu cpuset, cputune, numatune, memtune, blkiotune, memoryBacking or resource in its domain): the new domain has no such settings; add those that fit the new host with virsh edit</xsl:with-param>
    </xsl:call-template>
    <xsl:if test="cpu/topology and not($topology-fits)">
      <xsl:message>
        <xsl:text>the domain has </xsl:text>
        <xsl:value-of select="substring(normalize-space(vcpu), 1, 20)"/>
        <xsl:text> processors, but its sockets and cores are for </xsl:text>
        <xsl:value-of select="substring($in-sockets, 1, 20)"/>
        <xsl:text>: the new domain does not say how its processors are divided into sockets</xsl:text>
      </xsl:message>
    </xsl:if>
    <xsl:if test="os/smbios/@mode = 'host'">
      <xsl:message>the guest saw the maker and the serial numbers of its old host (smbios mode='host'): the new guest does not see those of the new host; change that with virsh edit</xsl:message>
    </xsl:if>
    <xsl:variable name="others" select="devices/shmem[1] | devices/lease[1] | devices/smartcard[not(@type = 'spicevmc')][1]
                                        | devices/redirdev[not(@type = 'spicevmc')][1] | devices/vsock[cid/@address][1] | launchSecurity
                                        | devices/audio[not(@type = 'none' or @type = 'spice')][1] | devices/tpm[backend/encryption][1] | devices/crypto[1]
                                        | devices/memory[not(@model = 'dimm' or @model = 'virtio-mem' or source/path)][1] | devices/panic[@model = 'pvpanic'][1]
                                        | *[namespace-uri() != ''][local-name() = 'commandline' or local-name() = 'override']"/>
    <xsl:if test="$others">
      <xsl:message>
        <xsl:text>the domain has elements that concern only its old host (</xsl:text>
        <xsl:for-each select="$others">
          <xsl:if test="position() &gt; 1">, </xsl:if>
          <xsl:value-of select="concat('&lt;', substring(name(), 1, 60), '&gt;')"/>
        </xsl:for-each>
        <xsl:text>), and the new domain has none of them: add what the guest needs with virsh edit</xsl:text>
      </xsl:message>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
