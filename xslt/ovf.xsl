<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     Makes a domain of an OVF envelope. Elements are known by their local names, since each
     version and each exporter has name spaces of its own. A disk's <source> says what the
     archive has: its file, how that is compressed, how long it is, whether it is in pieces; the
     reader of the archive puts the place of the bytes there. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:import href="read-common.xsl"/>
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>

  <xsl:key name="file" match="/*/*[local-name() = 'References']/*[local-name() = 'File']" use="@*[local-name() = 'id']"/>
  <xsl:key name="disk" match="/*/*[local-name() = 'DiskSection']/*[local-name() = 'Disk']" use="@*[local-name() = 'diskId']"/>
  <xsl:key name="item" match="*[local-name() = 'Item' or local-name() = 'StorageItem' or local-name() = 'EthernetPortItem']"
           use="normalize-space(*[local-name() = 'InstanceID' or local-name() = 'InstanceId'])"/>

  <xsl:variable name="systems" select="/*/*[local-name() = 'VirtualSystem'] | /*/*[local-name() = 'VirtualSystemCollection']//*[local-name() = 'VirtualSystem']"/>
  <xsl:variable name="system" select="$systems[1]"/>
  <xsl:variable name="hardware" select="$system/*[local-name() = 'VirtualHardwareSection'][1]"/>

  <!-- Of several configurations, the one that is taken where none is chosen. -->
  <xsl:variable name="configurations" select="/*/*[local-name() = 'DeploymentOptionSection']/*[local-name() = 'Configuration']"/>
  <xsl:variable name="configuration" select="string(($configurations[@*[local-name() = 'default'] = 'true'] | $configurations[1][not($configurations/@*[local-name() = 'default'] = 'true')])/@*[local-name() = 'id'])"/>
  <xsl:variable name="all" select="$hardware/*[local-name() = 'Item' or local-name() = 'StorageItem' or local-name() = 'EthernetPortItem'][not(@*[local-name() = 'bound'])]"/>
  <xsl:variable name="special" select="$all[contains(concat(' ', normalize-space(@*[local-name() = 'configuration']), ' '), concat(' ', $configuration, ' '))][@*[local-name() = 'configuration']]"/>
  <xsl:variable name="items" select="$special | $all[not(@*[local-name() = 'configuration'])][not($special/*[local-name() = 'InstanceID'] = *[local-name() = 'InstanceID'])]"/>

  <!-- Settings beside the items. -->
  <xsl:variable name="config" select="$hardware/*[local-name() = 'Config' or local-name() = 'ExtraConfig'] | $items/*[local-name() = 'Config']"/>

  <!-- What VirtualBox says of the machine in its own way, which is more than it says in items. -->
  <xsl:variable name="machine" select="$system/*[local-name() = 'Machine'][*[local-name() = 'Hardware']][1]"/>
  <xsl:variable name="box" select="$machine/*[local-name() = 'Hardware']"/>
  <xsl:variable name="enabled" select="$box/*[local-name() = 'Network']/*[local-name() = 'Adapter'][@enabled = 'true'][translate(@slot, '0123456789', '') = '']"/>
  <!-- Where there are more of them than items, those that are connected to nothing have none. -->
  <xsl:variable name="adapters" select="$enabled[count($enabled) = count($nics) or *[local-name() != 'DisabledModes']]"/>
  <!-- And XenServer: Name="HVM_boot_params" with <Value>order=dc;firmware=uefi</Value>. -->
  <xsl:variable name="other-config" select="$hardware/*[local-name() = 'VirtualSystemOtherConfigurationData']"/>
  <xsl:variable name="boot-params" select="translate(concat(';', $other-config[@Name = 'HVM_boot_params']/*[local-name() = 'Value'], ';'), concat($upper, ' '), $lower)"/>
  <xsl:variable name="platform" select="translate(concat(';', $other-config[@Name = 'platform']/*[local-name() = 'Value'], ';'), concat($upper, ' '), $lower)"/>

  <xsl:variable name="system-type" select="translate(normalize-space($hardware/*[local-name() = 'System']/*[local-name() = 'VirtualSystemType']), $upper, $lower)"/>
  <xsl:variable name="type">
    <xsl:variable name="word" select="substring-before(concat(translate($system-type, ' :/_.', '-----'), '-'), '-')"/>
    <xsl:choose>
      <xsl:when test="starts-with($system-type, 'vmx-') and not($machine)">vmware</xsl:when>
      <xsl:when test="starts-with($system-type, 'virtualbox-') or $machine">vbox</xsl:when>
      <xsl:when test="starts-with($system-type, 'hvm-') or starts-with($system-type, 'xen') or starts-with($system-type, 'dmtf:xen:')">xen</xsl:when>
      <xsl:when test="contains($system-type, 'hyper-v') or contains($system-type, 'microsoft')">hyperv</xsl:when>
      <xsl:when test="$system-type = 'kvm' or $system-type = 'qemu'"><xsl:value-of select="$system-type"/></xsl:when>
      <!-- What runs guests by KVM under a name of its own: oVirt calls itself an engine, with its version. -->
      <xsl:when test="contains(' engine ovirt rhev ahv acropolis nutanix proxmox ', concat(' ', $word, ' ')) or $system-type = 'qemu-kvm'">kvm</xsl:when>
      <xsl:when test="$config[namespace-uri() = 'http://www.vmware.com/schema/ovf']">vmware</xsl:when>
      <!-- The word that rules may know a hypervisor by; 301 is what other exporters say of guests of Hyper-V. -->
      <xsl:when test="$system-type = '301'">hyperv</xsl:when>
      <xsl:when test="$word != '' and $word != 'dmtf' and translate($word, $lower, '') = ''"><xsl:value-of select="$word"/></xsl:when>
      <xsl:otherwise>unknown</xsl:otherwise>
    </xsl:choose>
  </xsl:variable>

  <!-- And oVirt, as a number: 1 and 2 are BIOS, 3 is UEFI, 4 the same with secure boot. -->
  <xsl:variable name="bios-type" select="normalize-space($system/*[local-name() = 'BiosType'])"/>

  <!-- bios or efi, or what nobody knows. -->
  <xsl:variable name="said-firmware" select="($config[@*[local-name() = 'key'] = 'firmware']/@*[local-name() = 'value']
                                              | $box//*[local-name() = 'Firmware']/@type)[1]"/>
  <xsl:variable name="firmware">
    <xsl:variable name="word" select="translate(normalize-space($said-firmware), $upper, $lower)"/>
    <xsl:choose>
      <xsl:when test="starts-with($word, 'efi') or $word = 'uefi'">efi</xsl:when>
      <xsl:when test="$word = 'none'">bios</xsl:when>
      <xsl:when test="$word != ''"><xsl:value-of select="$word"/></xsl:when>
      <xsl:when test="contains($boot-params, ';firmware=uefi;') or $bios-type = '3' or $bios-type = '4'">efi</xsl:when>
    </xsl:choose>
  </xsl:variable>
  <xsl:variable name="secure" select="contains($true, concat(' ', translate(normalize-space($config[@*[local-name() = 'key'] = 'bootOptions.efiSecureBootEnabled' or @*[local-name() = 'key'] = 'uefi.secureBoot.enabled']/@*[local-name() = 'value']), $upper, $lower), ' '))
                                      or $box//*[local-name() = 'SecureBoot']/@enabled = 'true'
                                      or contains($platform, ';secureboot=true;') or $bios-type = '4'"/>

  <!-- What the exporter says the system is, in the words that tell most. -->
  <xsl:variable name="os-section" select="$system/*[local-name() = 'OperatingSystemSection']"/>
  <xsl:variable name="os-type" select="normalize-space(($machine/@OSType | $os-section/*[local-name() = 'OSType'] | $os-section/@*[local-name() = 'osType'])[normalize-space()][1])"/>

  <!-- Disks by the kind of their controller. -->
  <xsl:variable name="passed" select="$items[contains(translate(*[local-name() = 'ResourceSubType'], $upper, $lower), 'passthrough')]
                                            [not(*[local-name() = 'ResourceType'] = 14 or *[local-name() = 'ResourceType'] = 15 or *[local-name() = 'ResourceType'] = 16)]"/>
  <xsl:variable name="disks" select="$items[*[local-name() = 'ResourceType'] = 17 or *[local-name() = 'ResourceType'] = 19][count(. | $passed) != count($passed)]"/>
  <!-- Of "other storage", the subtype says what it is; SATA if it says nothing. -->
  <xsl:variable name="other-storage" select="$items[*[local-name() = 'ResourceType'] = 20][not(*[local-name() = 'Type'] = 'video')]"/>
  <xsl:variable name="nvme-controllers" select="$other-storage[contains(translate(*[local-name() = 'ResourceSubType'], $upper, $lower), 'nvme')]"/>
  <xsl:variable name="virtio-controllers" select="$other-storage[contains(translate(*[local-name() = 'ResourceSubType'], concat($upper, '-_ '), $lower), 'virtioscsi')]"/>
  <xsl:variable name="sata-controllers" select="$other-storage[count(. | $nvme-controllers | $virtio-controllers) != count($nvme-controllers | $virtio-controllers)]"/>
  <xsl:variable name="scsi-controllers" select="$items[*[local-name() = 'ResourceType'] = 6] | $virtio-controllers"/>
  <xsl:variable name="scsi" select="$disks[count(key('item', normalize-space(*[local-name() = 'Parent'])) | $scsi-controllers) = count($scsi-controllers)][key('item', normalize-space(*[local-name() = 'Parent']))]"/>
  <xsl:variable name="nvme" select="$disks[count(key('item', normalize-space(*[local-name() = 'Parent'])) | $nvme-controllers) = count($nvme-controllers)][key('item', normalize-space(*[local-name() = 'Parent']))]"/>
  <xsl:variable name="sata" select="$disks[count(key('item', normalize-space(*[local-name() = 'Parent'])) | $sata-controllers) = count($sata-controllers)][key('item', normalize-space(*[local-name() = 'Parent']))]"/>
  <xsl:variable name="ide-controllers" select="$items[*[local-name() = 'ResourceType'] = 5]"/>
  <xsl:variable name="ide" select="$disks[key('item', normalize-space(*[local-name() = 'Parent']))/*[local-name() = 'ResourceType'] = 5]"/>
  <!-- Those on no controller, or on one of another kind. oVirt says of the disk itself what it is connected by. -->
  <xsl:variable name="free" select="$disks[count(. | $scsi | $sata | $nvme | $ide) != count($scsi | $sata | $nvme | $ide)]"/>
  <xsl:variable name="free-virtio" select="$free[translate(key('disk', substring-after(normalize-space(*[local-name() = 'HostResource']), '/disk/'))/@*[local-name() = 'disk-interface'], $upper, $lower) = 'virtio'][not($type = 'xen')]"/>
  <xsl:variable name="free-ide" select="$free[translate(key('disk', substring-after(normalize-space(*[local-name() = 'HostResource']), '/disk/'))/@*[local-name() = 'disk-interface'], $upper, $lower) = 'ide'][not($type = 'xen')]"/>
  <xsl:variable name="free-xen" select="$free[$type = 'xen']"/>
  <xsl:variable name="free-sd" select="$free[count(. | $free-virtio | $free-ide | $free-xen) != count($free-virtio | $free-ide | $free-xen)]"/>

  <!-- What the machine starts from: sections that name items, or disks by VMware's names for them (",scsi0:0,ide0:0,"). -->
  <xsl:variable name="boot-sections" select="$system/*[local-name() = 'BootOrderSection'][@*[local-name() = 'type'] = 'disk']"/>
  <xsl:variable name="boot-order">
    <xsl:if test="$firmware != 'efi'">
      <xsl:value-of select="concat(',', translate($config[@*[local-name() = 'key'] = 'bios.hddOrder']/@*[local-name() = 'value'], concat($upper, ' '), $lower), ',')"/>
    </xsl:if>
  </xsl:variable>

  <xsl:template match="/">
    <xsl:if test="local-name(*) != 'Envelope'">
      <xsl:call-template name="refuse">
        <xsl:with-param name="at" select="*"/>
        <xsl:with-param name="text" select="concat('the document is &lt;', local-name(*), '&gt;, expected an OVF &lt;Envelope&gt;')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="namespace-uri(*) = 'http://schemas.dmtf.org/ovf/envelope/1/' and not($hardware)">
      <xsl:call-template name="refuse">
        <xsl:with-param name="at" select="*"/>
        <xsl:with-param name="text">this OVF comes from an oVirt export domain, whose format is not supported: export the guest as an OVA</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="/*/*[local-name() = 'Content'] or contains(namespace-uri(*), 'vmware.com/schema/ovf')">
      <xsl:call-template name="refuse">
        <xsl:with-param name="at" select="*"/>
        <xsl:with-param name="text">this is OVF 0.9, which is older than the standard, and only versions 1 and 2 are supported: import it into the hypervisor that it comes from, and export the guest again</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="count($systems) &gt; 1">
      <xsl:call-template name="refuse">
        <xsl:with-param name="at" select="$systems[2]"/>
        <xsl:with-param name="text">
          <xsl:text>the envelope contains several guests (</xsl:text>
          <xsl:for-each select="$systems[position() &lt;= 10]">
            <xsl:if test="position() &gt; 1">, </xsl:if>
            <xsl:value-of select="substring(@*[local-name() = 'id'], 1, 60)"/>
          </xsl:for-each>
          <xsl:text>), but only one can be converted at a time: export each guest separately</xsl:text>
        </xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="not($hardware)">
      <xsl:call-template name="refuse">
        <xsl:with-param name="at" select="$system | *[not($system)]"/>
        <xsl:with-param name="text">there is no &lt;VirtualSystem&gt; with a &lt;VirtualHardwareSection&gt;, so the hardware of the guest is not known: export the guest again</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:call-template name="check-ids"/>
    <xsl:call-template name="left-out"/>
    <xsl:call-template name="domain"/>
  </xsl:template>

  <!-- What is named by an identifier is there once. -->
  <xsl:template name="check-ids">
    <xsl:for-each select="$items">
      <xsl:variable name="id" select="normalize-space(*[local-name() = 'InstanceID' or local-name() = 'InstanceId'])"/>
      <xsl:if test="$id != '' and count(key('item', $id)[count(. | $items) = count($items)]) &gt; 1">
        <xsl:call-template name="refuse">
          <xsl:with-param name="text" select="concat('there are two items with the InstanceID ', substring($id, 1, 40), ', and it is not clear which of them is meant: export the guest again')"/>
        </xsl:call-template>
      </xsl:if>
    </xsl:for-each>
    <xsl:for-each select="/*/*[local-name() = 'References']/*[local-name() = 'File'][count(key('file', @*[local-name() = 'id'])) &gt; 1]
                          | /*/*[local-name() = 'DiskSection']/*[local-name() = 'Disk'][count(key('disk', @*[local-name() = 'diskId'])) &gt; 1]">
      <xsl:call-template name="refuse">
        <xsl:with-param name="text" select="concat('there are two &lt;', local-name(), '&gt; with the same identifier, and it is not clear which of them is meant: export the guest again')"/>
      </xsl:call-template>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="domain">
    <domain>
      <xsl:attribute name="type"><xsl:value-of select="$type"/></xsl:attribute>
      <xsl:call-template name="system-comment"/>
      <name>
        <xsl:choose>
          <xsl:when test="normalize-space($system/*[local-name() = 'Name'])"><xsl:value-of select="normalize-space($system/*[local-name() = 'Name'])"/></xsl:when>
          <xsl:otherwise><xsl:value-of select="$system/@*[local-name() = 'id']"/></xsl:otherwise>
        </xsl:choose>
      </name>
      <xsl:variable name="genid" select="v2v-genid($config[@*[local-name() = 'key'] = 'vm.genid']/@*[local-name() = 'value'],
                                                   $config[@*[local-name() = 'key'] = 'vm.genidX']/@*[local-name() = 'value'])"/>
      <xsl:if test="$genid != ''"><genid><xsl:value-of select="$genid"/></genid></xsl:if>
      <xsl:variable name="note" select="($system/*[local-name() = 'AnnotationSection']/*[local-name() = 'Annotation'] | $system/*[local-name() = 'Description'])[normalize-space()][1]"/>
      <xsl:if test="normalize-space($note)"><description><xsl:value-of select="$note"/></description></xsl:if>
      <xsl:call-template name="memory"/>
      <xsl:call-template name="processors"/>
      <os>
        <xsl:choose>
          <xsl:when test="$firmware = 'efi'"><xsl:attribute name="firmware">efi</xsl:attribute></xsl:when>
          <xsl:when test="$firmware != '' and $firmware != 'bios'">
            <xsl:call-template name="refuse">
              <xsl:with-param name="at" select="$said-firmware"/>
              <xsl:with-param name="text" select="concat('the firmware is &quot;', substring($firmware, 1, 40), '&quot;, expected bios or efi')"/>
            </xsl:call-template>
          </xsl:when>
        </xsl:choose>
        <type>
          <xsl:variable name="arch">
            <xsl:call-template name="arch"/>
          </xsl:variable>
          <xsl:if test="$arch != ''"><xsl:attribute name="arch"><xsl:value-of select="$arch"/></xsl:attribute></xsl:if>
          <xsl:choose>
            <xsl:when test="$type = 'xen' and (starts-with($system-type, 'xen-') or $system-type = 'dmtf:xen:pv')">linux</xsl:when>
            <xsl:otherwise>hvm</xsl:otherwise>
          </xsl:choose>
        </type>
        <xsl:if test="$secure and $firmware = 'efi'">
          <firmware><feature enabled="yes" name="secure-boot"/></firmware>
        </xsl:if>
      </os>
      <features><acpi/><apic/></features>
      <xsl:call-template name="topology"/>
      <xsl:call-template name="clock">
        <xsl:with-param name="system" select="concat($os-type, substring($os-section/*[local-name() = 'Description'], 1 div ($os-type = '')))"/>
        <!-- VirtualBox has thousandths of seconds. -->
        <xsl:with-param name="shift" select="concat($config[@*[local-name() = 'key'] = 'rtc.diffFromUTC']/@*[local-name() = 'value'], substring-before(substring-after($platform, ';timeoffset='), ';'),
                                                    substring(floor($box/*[local-name() = 'BIOS']/*[local-name() = 'TimeOffset']/@value div 1000),
                                                              1 div ($box//*[local-name() = 'RTC']/@localOrUTC = 'UTC' and $box/*[local-name() = 'BIOS']/*[local-name() = 'TimeOffset']/@value != 0)))"/>
        <xsl:with-param name="said" select="translate($box//*[local-name() = 'RTC']/@localOrUTC, $upper, $lower)"/>
      </xsl:call-template>
      <devices>
        <xsl:call-template name="disks"/>
        <xsl:call-template name="removable"/>
        <xsl:call-template name="controllers"/>
        <!-- Some exporters do not list them in the order of the machine, and say where each is. -->
        <xsl:apply-templates select="$nics" mode="nic">
          <xsl:sort select="*[local-name() = 'AddressOnParent']" data-type="number"/>
        </xsl:apply-templates>
        <xsl:for-each select="$items[*[local-name() = 'ResourceType'] = 21][not(contains(*[local-name() = 'ResourceSubType'], 'thinprint'))]">
          <serial type="pty"><target port="{position() - 1}"/></serial>
        </xsl:for-each>
        <xsl:if test="not($items[*[local-name() = 'ResourceType'] = 21])">
          <xsl:for-each select="$box/*[local-name() = 'UART']/*[local-name() = 'Port'][@enabled = 'true']">
            <serial type="pty">
              <target>
                <xsl:attribute name="port">
                  <xsl:call-template name="whole">
                    <xsl:with-param name="value" select="@slot"/>
                    <xsl:with-param name="what">the number of a serial port</xsl:with-param>
                    <xsl:with-param name="min" select="0"/>
                    <xsl:with-param name="max" select="7"/>
                  </xsl:call-template>
                </xsl:attribute>
              </target>
            </serial>
          </xsl:for-each>
        </xsl:if>
        <xsl:call-template name="others"/>
      </devices>
    </domain>
  </xsl:template>

  <!-- The architecture, where it is said; otherwise the guest's system tells. -->
  <xsl:template name="arch">
    <xsl:variable name="platform-arch" select="translate($box//*[local-name() = 'Platform']/@architecture, $upper, $lower)"/>
    <xsl:variable name="word" select="translate(concat($os-type, substring($os-section/*[local-name() = 'Description'], 1 div ($os-type = '' and ($type = 'vbox' or $type = 'kvm')))), $upper, $lower)"/>
    <xsl:choose>
      <xsl:when test="$platform-arch = 'arm' or contains($word, 'arm')">aarch64</xsl:when>
      <xsl:when test="contains($word, '64')">x86_64</xsl:when>
    </xsl:choose>
  </xsl:template>

  <!-- Devices that no other host can give the guest, and those that are not made for it. -->
  <xsl:template name="left-out">
    <xsl:for-each select="$passed">
      <xsl:call-template name="warn">
        <xsl:with-param name="text" select="concat('a device of the host (', substring(*[local-name() = 'ElementName' or local-name() = 'Caption'], 1, 60), ', ', substring(*[local-name() = 'ResourceSubType'], 1, 60), ') was passed through to the guest and is left out: add one of the new host with virsh edit')"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="$nics[starts-with(translate(normalize-space(*[local-name() = 'ResourceSubType']), $upper, $lower), 'sriov')]">
      <xsl:call-template name="warn">
        <xsl:with-param name="text" select="concat('a network card of the host (', substring(*[local-name() = 'ElementName' or local-name() = 'Caption'], 1, 60), ') was passed through to the guest: the new guest gets an emulated one with the same address')"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="$box/*[local-name() = 'HostPci']//*[local-name() = 'Device']">
      <xsl:call-template name="warn">
        <xsl:with-param name="text" select="concat('a device of the host (', substring(@name | @host[not(../@name)], 1, 60), ') was passed through to the guest and is left out: add one of the new host with virsh edit')"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="$box//*[local-name() = 'DeviceFilter'][@active = 'true']">
      <xsl:call-template name="warn">
        <xsl:with-param name="text" select="concat('a USB device of the host (', substring(@name, 1, 60), ') was passed through to the guest and is left out: add one of the new host with virsh edit')"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="$box/*[local-name() = 'SharedFolders']/*[local-name() = 'SharedFolder']">
      <xsl:call-template name="warn">
        <xsl:with-param name="text" select="concat('a directory of the host (', substring(@hostPath, 1, 100), ') was shared with the guest and is left out: add one of the new host with virsh edit')"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="$box/*[local-name() = 'LPT']/*[local-name() = 'Port'][@enabled = 'true']">
      <xsl:call-template name="warn">
        <xsl:with-param name="text">a parallel port is left out: add one with virsh edit if the guest needs it</xsl:with-param>
      </xsl:call-template>
    </xsl:for-each>
    <!-- Adapters of storage networks, tape drives, ports; and memory that keeps what it holds. -->
    <xsl:for-each select="$items[count(. | $passed) != count($passed)]
                                [contains(' 7 8 9 11 12 13 18 22 25 ', concat(' ', normalize-space(*[local-name() = 'ResourceType']), ' '))
                                 or contains(translate(*[local-name() = 'ResourceSubType'], $upper, $lower), 'nvdimm')]">
      <xsl:call-template name="warn">
        <xsl:with-param name="text">
          <xsl:choose>
            <xsl:when test="*[local-name() = 'ResourceType'] = 22">the parallel port</xsl:when>
            <xsl:otherwise>the device</xsl:otherwise>
          </xsl:choose>
          <xsl:value-of select="concat(' &quot;', substring(*[local-name() = 'ElementName' or local-name() = 'Caption'], 1, 60), '&quot; is left out: add one with virsh edit if the guest needs it')"/>
        </xsl:with-param>
      </xsl:call-template>
    </xsl:for-each>
  </xsl:template>

  <!-- What the exporter says the system is; what it is in truth is found in the guest. -->
  <xsl:template name="system-comment">
    <xsl:variable name="text" select="normalize-space(concat($os-section/*[local-name() = 'Description'], ' ', $os-section/@*[local-name() = 'osType']))"/>
    <xsl:if test="$text != ''">
      <xsl:comment><xsl:value-of select="concat(' system: ', translate(substring($text, 1, 200), '-', '_'), ' ')"/></xsl:comment>
    </xsl:if>
  </xsl:template>

  <!-- ==== memory and processors ==== -->

  <!-- How many bytes are one of UNITS, as the standard and its users write them: a word, and factors such as * 2^20. -->
  <xsl:template name="bytes">
    <xsl:param name="units"/>
    <xsl:param name="default"/>
    <xsl:variable name="text" select="translate($units, concat($upper, ' &#x9;&#xA;&#xD;&#xA0;()'), $lower)"/>
    <xsl:variable name="word" select="concat(' ', substring-before(concat($text, '*'), '*'), ' ')"/>
    <xsl:variable name="factors">
      <xsl:call-template name="product">
        <xsl:with-param name="factors" select="substring(substring-after($text, '*'), 1 div (string-length($text) &lt;= 100))"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:variable name="bytes">
      <xsl:choose>
        <xsl:when test="contains(' byte bytes b ', $word)">1</xsl:when>
        <xsl:when test="contains(' kilobyte kilobytes kibibyte kibibytes kb kib ', $word)">1024</xsl:when>
        <xsl:when test="contains(' megabyte megabytes mebibyte mebibytes mb mib ', $word)">1048576</xsl:when>
        <xsl:when test="contains(' gigabyte gigabytes gibibyte gibibytes gb gib ', $word)">1073741824</xsl:when>
        <xsl:when test="contains(' terabyte terabytes tebibyte tebibytes tb tib ', $word)">1099511627776</xsl:when>
      </xsl:choose>
    </xsl:variable>
    <xsl:choose>
      <xsl:when test="$text = ''"><xsl:value-of select="$default"/></xsl:when>
      <xsl:when test="string-length($text) &lt;= 100 and $bytes * $factors &gt; 0 and $bytes * $factors &lt; 1000000000000000"><xsl:value-of select="format-number($bytes * $factors, '0')"/></xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="refuse">
          <xsl:with-param name="at" select="$units"/>
          <xsl:with-param name="text" select="concat('the unit &quot;', substring($units, 1, 60), '&quot; is not known, expected one such as byte * 2^20')"/>
        </xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- "2^10*1000": each factor is a number, or a number and how often it is one. NaN: something else. -->
  <xsl:template name="product">
    <xsl:param name="factors"/>
    <xsl:variable name="first" select="substring-before(concat($factors, '*'), '*')"/>
    <xsl:choose>
      <xsl:when test="$factors = ''">1</xsl:when>
      <xsl:otherwise>
        <xsl:variable name="others">
          <xsl:call-template name="product">
            <xsl:with-param name="factors" select="substring-after($factors, '*')"/>
          </xsl:call-template>
        </xsl:variable>
        <xsl:variable name="power">
          <xsl:call-template name="power">
            <xsl:with-param name="base" select="substring-before(concat($first, '^'), '^')"/>
            <xsl:with-param name="exponent" select="number(concat(substring-after($first, '^'), substring('1', 1 div not(contains($first, '^')))))"/>
          </xsl:call-template>
        </xsl:variable>
        <xsl:value-of select="$power * $others"/>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="power">
    <xsl:param name="base"/>
    <xsl:param name="exponent"/>
    <xsl:choose>
      <xsl:when test="$exponent = 0">1</xsl:when>
      <xsl:when test="$exponent &gt; 0 and $exponent &lt;= 50 and floor($exponent) = $exponent">
        <xsl:variable name="rest">
          <xsl:call-template name="power">
            <xsl:with-param name="base" select="$base"/>
            <xsl:with-param name="exponent" select="$exponent - 1"/>
          </xsl:call-template>
        </xsl:variable>
        <xsl:value-of select="number($base) * $rest"/>
      </xsl:when>
      <xsl:otherwise>NaN</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="memory">
    <xsl:variable name="item" select="$items[*[local-name() = 'ResourceType'] = 4][1]"/>
    <xsl:if test="not($item)">
      <xsl:call-template name="warn">
        <xsl:with-param name="at" select="$hardware"/>
        <xsl:with-param name="text">no item says how much memory the guest has: the new guest gets 1 GiB</xsl:with-param>
      </xsl:call-template>
      <memory unit="KiB">1048576</memory>
    </xsl:if>
    <xsl:for-each select="$item">
      <xsl:variable name="unit">
        <xsl:call-template name="bytes">
          <xsl:with-param name="units" select="*[local-name() = 'AllocationUnits']"/>
          <xsl:with-param name="default" select="1048576"/>
        </xsl:call-template>
      </xsl:variable>
      <xsl:variable name="number">
        <xsl:call-template name="whole">
          <xsl:with-param name="value" select="*[local-name() = 'VirtualQuantity']"/>
          <xsl:with-param name="at" select="*[local-name() = 'VirtualQuantity'] | current()[not(*[local-name() = 'VirtualQuantity'])]"/>
          <xsl:with-param name="what">the amount of memory (VirtualQuantity)</xsl:with-param>
          <xsl:with-param name="max" select="999999999999999"/>
        </xsl:call-template>
      </xsl:variable>
      <xsl:if test="$number * $unit &gt; 1125899906842624 or $number * $unit &lt; 1048576">
        <xsl:call-template name="refuse">
          <xsl:with-param name="at" select="*[local-name() = 'VirtualQuantity']"/>
          <xsl:with-param name="text" select="concat('the memory of the guest is ', format-number($number * $unit, '0'), ' bytes, expected 1 MiB to 1 PiB')"/>
        </xsl:call-template>
      </xsl:if>
      <memory unit="KiB"><xsl:value-of select="format-number(ceiling($number * $unit div 1024), '0')"/></memory>
    </xsl:for-each>
  </xsl:template>

  <xsl:variable name="processor" select="$items[*[local-name() = 'ResourceType'] = 3][1]"/>

  <xsl:template name="processors">
    <vcpu>
      <xsl:choose>
        <xsl:when test="$processor">
          <xsl:call-template name="whole">
            <xsl:with-param name="value" select="$processor/*[local-name() = 'VirtualQuantity']"/>
            <xsl:with-param name="at" select="$processor/*[local-name() = 'VirtualQuantity'] | $processor[not(*[local-name() = 'VirtualQuantity'])]"/>
            <xsl:with-param name="what">the number of processors (VirtualQuantity)</xsl:with-param>
            <xsl:with-param name="max" select="8192"/>
          </xsl:call-template>
        </xsl:when>
        <xsl:otherwise>1</xsl:otherwise>
      </xsl:choose>
    </vcpu>
  </xsl:template>

  <xsl:template name="topology">
    <xsl:call-template name="sockets">
      <xsl:with-param name="count" select="number($processor/*[local-name() = 'VirtualQuantity'])"/>
      <xsl:with-param name="cores" select="number(($processor/*[local-name() = 'CoresPerSocket'] | $processor/*[local-name() = 'cpu_per_socket'][not(../*[local-name() = 'threads_per_cpu'] &gt; 1)])[1])"/>
    </xsl:call-template>
  </xsl:template>

  <!-- ==== disks ==== -->

  <xsl:template name="disks">
    <xsl:for-each select="$scsi">
      <xsl:sort select="key('item', normalize-space(*[local-name() = 'Parent']))/*[local-name() = 'Address']" data-type="number"/>
      <xsl:sort select="count(key('item', normalize-space(*[local-name() = 'Parent']))/preceding-sibling::*)" data-type="number"/>
      <xsl:sort select="*[local-name() = 'AddressOnParent']" data-type="number"/>
      <xsl:call-template name="disk">
        <xsl:with-param name="bus">scsi</xsl:with-param>
        <xsl:with-param name="prefix">sd</xsl:with-param>
        <xsl:with-param name="number" select="position() - 1"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="$sata">
      <xsl:sort select="key('item', normalize-space(*[local-name() = 'Parent']))/*[local-name() = 'Address']" data-type="number"/>
      <xsl:sort select="count(key('item', normalize-space(*[local-name() = 'Parent']))/preceding-sibling::*)" data-type="number"/>
      <xsl:sort select="*[local-name() = 'AddressOnParent']" data-type="number"/>
      <xsl:call-template name="disk">
        <xsl:with-param name="bus">sata</xsl:with-param>
        <xsl:with-param name="prefix">sd</xsl:with-param>
        <xsl:with-param name="number" select="count($scsi) + position() - 1"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="$nvme">
      <xsl:sort select="key('item', normalize-space(*[local-name() = 'Parent']))/*[local-name() = 'Address']" data-type="number"/>
      <xsl:sort select="count(key('item', normalize-space(*[local-name() = 'Parent']))/preceding-sibling::*)" data-type="number"/>
      <xsl:sort select="*[local-name() = 'AddressOnParent']" data-type="number"/>
      <xsl:variable name="controller" select="key('item', normalize-space(*[local-name() = 'Parent']))"/>
      <xsl:variable name="before" select="$nvme-controllers[number(*[local-name() = 'Address']) &lt; number($controller/*[local-name() = 'Address'])]"/>
      <xsl:variable name="unit">
        <xsl:choose>
          <xsl:when test="number(*[local-name() = 'AddressOnParent']) &gt;= 0"><xsl:value-of select="number(*[local-name() = 'AddressOnParent']) + 1"/></xsl:when>
          <xsl:otherwise>1</xsl:otherwise>
        </xsl:choose>
      </xsl:variable>
      <xsl:call-template name="disk">
        <xsl:with-param name="bus">nvme</xsl:with-param>
        <xsl:with-param name="name" select="concat('nvme', count($before), 'n', $unit)"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="$ide">
      <xsl:sort select="key('item', normalize-space(*[local-name() = 'Parent']))/*[local-name() = 'Address']" data-type="number"/>
      <xsl:sort select="count(key('item', normalize-space(*[local-name() = 'Parent']))/preceding-sibling::*)" data-type="number"/>
      <xsl:sort select="*[local-name() = 'AddressOnParent']" data-type="number"/>
      <xsl:call-template name="disk">
        <xsl:with-param name="bus">ide</xsl:with-param>
        <xsl:with-param name="prefix">hd</xsl:with-param>
        <xsl:with-param name="number">
          <xsl:call-template name="ide-number"/>
        </xsl:with-param>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="$free-ide">
      <xsl:call-template name="disk">
        <xsl:with-param name="bus">ide</xsl:with-param>
        <xsl:with-param name="prefix">hd</xsl:with-param>
        <xsl:with-param name="number" select="count($ide) + position() - 1"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="$free-virtio">
      <xsl:call-template name="disk">
        <xsl:with-param name="bus">virtio</xsl:with-param>
        <xsl:with-param name="prefix">vd</xsl:with-param>
        <xsl:with-param name="number" select="position() - 1"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="$free-xen">
      <xsl:sort select="substring-before(concat(substring-after(concat(',', *[local-name() = 'Connection']), ',device='), ','), ',')" data-type="number"/>
      <xsl:call-template name="disk">
        <xsl:with-param name="bus">xen</xsl:with-param>
        <xsl:with-param name="prefix">xvd</xsl:with-param>
        <xsl:with-param name="number" select="position() - 1"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="$free-sd">
      <xsl:variable name="parent" select="normalize-space(*[local-name() = 'Parent'])"/>
      <xsl:if test="translate($parent, '0-', '') != ''">
        <xsl:call-template name="warn">
          <xsl:with-param name="text" select="concat('the disk &quot;', substring(*[local-name() = 'ElementName' or local-name() = 'Caption'], 1, 60), '&quot; is on the controller ', substring($parent, 1, 40), ', which is not an item for IDE, SCSI, SATA or NVMe: the disk is treated as a SCSI disk that comes after all others')"/>
        </xsl:call-template>
      </xsl:if>
      <xsl:call-template name="disk">
        <xsl:with-param name="bus">scsi</xsl:with-param>
        <xsl:with-param name="prefix">sd</xsl:with-param>
        <xsl:with-param name="number" select="count($scsi | $sata) + position() - 1"/>
      </xsl:call-template>
    </xsl:for-each>
  </xsl:template>

  <!-- The place on two IDE controllers with two disks each. Controllers and units that have no number are counted. Called at the
       item. -->
  <xsl:template name="ide-number">
    <xsl:variable name="parent" select="normalize-space(*[local-name() = 'Parent'])"/>
    <xsl:variable name="item" select="key('item', $parent)"/>
    <xsl:variable name="controller" select="normalize-space($item/*[local-name() = 'Address'])"/>
    <xsl:variable name="unit" select="normalize-space(*[local-name() = 'AddressOnParent'])"/>
    <xsl:variable name="number">
      <xsl:choose>
        <xsl:when test="translate($controller, translate($controller, '0123456789', ''), '') != ''"><xsl:value-of select="translate($controller, translate($controller, '0123456789', ''), '')"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="count($item/preceding-sibling::*[count(. | $ide-controllers) = count($ide-controllers)])"/></xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:variable name="place">
      <xsl:choose>
        <xsl:when test="translate($unit, translate($unit, '0123456789', ''), '') != ''"><xsl:value-of select="translate($unit, translate($unit, '0123456789', ''), '')"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="count(preceding-sibling::*[count(. | $items) = count($items)][normalize-space(*[local-name() = 'Parent']) = $parent]
                                                                       [contains(' 15 16 17 19 ', concat(' ', normalize-space(*[local-name() = 'ResourceType']), ' '))])"/></xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:if test="not(2 * $number + $place &lt; 26)">
      <xsl:call-template name="refuse">
        <xsl:with-param name="text" select="concat('&quot;', substring(*[local-name() = 'ElementName' or local-name() = 'Caption'], 1, 60), '&quot; is at place ', substring($unit, 1, 20), ' of the IDE controller ', substring($controller, 1, 20), ', but a machine has two IDE controllers with two places each: export the guest again')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:value-of select="2 * $number + $place"/>
  </xsl:template>

  <!-- Called at the item. -->
  <xsl:template name="disk">
    <xsl:param name="bus"/>
    <xsl:param name="prefix"/>
    <xsl:param name="number"/>
    <xsl:param name="name">
      <xsl:value-of select="$prefix"/>
      <xsl:call-template name="letters">
        <xsl:with-param name="number" select="$number"/>
      </xsl:call-template>
    </xsl:param>
    <xsl:variable name="host" select="normalize-space(*[local-name() = 'HostResource'])"/>
    <xsl:variable name="disk" select="key('disk', substring-after($host, '/disk/'))"/>
    <xsl:variable name="file-id">
      <xsl:choose>
        <xsl:when test="$disk"><xsl:value-of select="$disk/@*[local-name() = 'fileRef']"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="substring-after($host, '/file/')"/></xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:variable name="file" select="key('file', string($file-id))"/>
    <xsl:variable name="what" select="concat('the disk &quot;', substring(concat(*[local-name() = 'ElementName' or local-name() = 'Caption'], substring($host, 1 div not(*[local-name() = 'ElementName' or local-name() = 'Caption']))), 1, 60), '&quot; ')"/>
    <xsl:if test="not($disk) and not($file)">
      <xsl:call-template name="refuse">
        <xsl:with-param name="text" select="concat($what, 'is &quot;', substring($host, 1, 100), '&quot;, which the envelope does not describe: expected ovf:/disk/ID of a &lt;Disk&gt; in the &lt;DiskSection&gt;')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="$disk/@*[local-name() = 'parentRef']">
      <xsl:call-template name="refuse">
        <xsl:with-param name="at" select="$disk"/>
        <xsl:with-param name="text" select="concat($what, 'contains only the difference from another disk: merge the snapshots of the guest, then export it again')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="string($file-id) != '' and not($file)">
      <xsl:call-template name="refuse">
        <xsl:with-param name="at" select="$disk"/>
        <xsl:with-param name="text" select="concat($what, 'is in the file &quot;', substring($file-id, 1, 100), '&quot;, which is not among the &lt;References&gt;')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:variable name="said" select="translate($disk/@*[local-name() = 'format'], $upper, $lower)"/>
    <xsl:variable name="format">
      <xsl:choose>
        <xsl:when test="not($file)">raw</xsl:when>
        <xsl:when test="contains($said, 'vmdk')">vmdk</xsl:when>
        <xsl:when test="contains($said, 'qcow')">qcow2</xsl:when>
        <xsl:when test="contains($said, 'vhdx')">vhdx</xsl:when>
        <xsl:when test="contains($said, 'vhd') or contains($said, 'bb676673')">vpc</xsl:when>
        <xsl:when test="contains($said, 'vdi')">vdi</xsl:when>
        <xsl:when test="contains($said, 'raw')">raw</xsl:when>
        <xsl:otherwise>
          <xsl:call-template name="format-of-file">
            <xsl:with-param name="file" select="$file/@*[local-name() = 'href']"/>
          </xsl:call-template>
        </xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <xsl:if test="string($format) = ''">
      <xsl:call-template name="refuse">
        <xsl:with-param name="at" select="$disk | $file[not($disk)]"/>
        <xsl:with-param name="text" select="concat($what, 'has a format that is not supported (&quot;', substring($said, 1, 100), '&quot;): expected VMDK, qcow2, VHD, VHDX, VDI or raw')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:for-each select="*[local-name() = 'Config'][@*[local-name() = 'key'] = 'backing.diskMode'][contains(@*[local-name() = 'value'], 'nonpersistent')]">
      <xsl:call-template name="warn">
        <xsl:with-param name="text" select="concat($what, 'lost all changes whenever the guest was switched off: the disk of the new guest keeps them')"/>
      </xsl:call-template>
    </xsl:for-each>
    <disk type="file" device="disk">
      <driver name="qemu" type="{$format}"/>
      <xsl:choose>
        <xsl:when test="$file">
          <xsl:call-template name="source">
            <xsl:with-param name="file" select="$file"/>
          </xsl:call-template>
        </xsl:when>
        <xsl:otherwise>
          <!-- A disk that is still empty has no file. -->
          <xsl:variable name="unit">
            <xsl:call-template name="bytes">
              <xsl:with-param name="units" select="$disk/@*[local-name() = 'capacityAllocationUnits']"/>
              <xsl:with-param name="default" select="1"/>
            </xsl:call-template>
          </xsl:variable>
          <xsl:variable name="capacity">
            <xsl:call-template name="whole">
              <xsl:with-param name="value" select="$disk/@*[local-name() = 'capacity']"/>
              <xsl:with-param name="at" select="$disk"/>
              <xsl:with-param name="what">the capacity of an empty disk</xsl:with-param>
              <xsl:with-param name="max" select="999999999999999"/>
            </xsl:call-template>
          </xsl:variable>
          <source empty="{format-number($capacity * $unit, '0')}" line="{v2v-line($disk)}"/>
        </xsl:otherwise>
      </xsl:choose>
      <target dev="{$name}" bus="{$bus}"/>
      <xsl:variable name="controller" select="key('item', normalize-space(*[local-name() = 'Parent']))"/>
      <xsl:variable name="section" select="$boot-sections[@*[local-name() = 'instanceId'] = normalize-space(current()/*[local-name() = 'InstanceID' or local-name() = 'InstanceId'])][1]"/>
      <xsl:variable name="place" select="concat(',', $bus, normalize-space($controller/*[local-name() = 'Address']), ':',
                                                normalize-space(*[local-name() = 'AddressOnParent']), ',')"/>
      <xsl:choose>
        <xsl:when test="$section">
          <boot order="{count($section/preceding-sibling::*[count(. | $boot-sections) = count($boot-sections)]) + 1}"/>
        </xsl:when>
        <xsl:when test="not($boot-sections) and contains($boot-order, $place)">
          <xsl:variable name="before" select="substring-before($boot-order, $place)"/>
          <boot order="{string-length($before) - string-length(translate($before, ',', '')) + 1}"/>
        </xsl:when>
      </xsl:choose>
      <xsl:if test="*[local-name() = 'Config'][@*[local-name() = 'key'] = 'backing.sharing']/@*[local-name() = 'value'] = 'sharingMultiWriter'
                    or $controller/*[local-name() = 'Config'][@*[local-name() = 'key'] = 'sharedBus']/@*[local-name() = 'value'] = 'virtualSharing'
                    or $controller/*[local-name() = 'Config'][@*[local-name() = 'key'] = 'sharedBus']/@*[local-name() = 'value'] = 'physicalSharing'">
        <shareable/>
      </xsl:if>
    </disk>
  </xsl:template>

  <xsl:template name="source">
    <xsl:param name="file"/>
    <source file="{$file/@*[local-name() = 'href']}" line="{v2v-line($file)}">
      <xsl:if test="$file/@*[local-name() = 'compression']">
        <xsl:attribute name="compression"><xsl:value-of select="$file/@*[local-name() = 'compression']"/></xsl:attribute>
      </xsl:if>
      <xsl:if test="$file/@*[local-name() = 'chunkSize']">
        <xsl:attribute name="chunks"><xsl:value-of select="$file/@*[local-name() = 'chunkSize']"/></xsl:attribute>
      </xsl:if>
      <xsl:if test="$file/@*[local-name() = 'size']">
        <xsl:attribute name="size"><xsl:value-of select="$file/@*[local-name() = 'size']"/></xsl:attribute>
      </xsl:if>
    </source>
  </xsl:template>

  <!-- ==== removable media ==== -->

  <xsl:template name="removable">
    <xsl:variable name="drives" select="$items[*[local-name() = 'ResourceType'] = 15 or *[local-name() = 'ResourceType'] = 16]"/>
    <xsl:for-each select="$drives">
      <xsl:variable name="controller" select="key('item', normalize-space(*[local-name() = 'Parent']))"/>
      <xsl:variable name="on-scsi" select="$controller and count($controller | $scsi-controllers) = count($scsi-controllers)"/>
      <xsl:variable name="on-sata" select="$controller/*[local-name() = 'ResourceType'] = 20 and not($on-scsi)"/>
      <xsl:variable name="position" select="position()"/>
      <xsl:variable name="file" select="key('file', substring-after(*[local-name() = 'HostResource'], '/file/'))
                                        | key('file', string(key('disk', substring-after(*[local-name() = 'HostResource'], '/disk/'))/@*[local-name() = 'fileRef']))"/>
      <disk type="file" device="cdrom">
        <driver name="qemu" type="raw"/>
        <xsl:for-each select="$file">
          <xsl:call-template name="source">
            <xsl:with-param name="file" select="."/>
          </xsl:call-template>
        </xsl:for-each>
        <target>
          <xsl:choose>
            <xsl:when test="$on-scsi or $on-sata">
              <xsl:attribute name="dev">
                <xsl:text>sd</xsl:text>
                <xsl:call-template name="letters">
                  <xsl:with-param name="number" select="count($scsi | $sata | $free-sd) + $position - 1"/>
                </xsl:call-template>
              </xsl:attribute>
              <xsl:attribute name="bus"><xsl:choose><xsl:when test="$on-scsi">scsi</xsl:when><xsl:otherwise>sata</xsl:otherwise></xsl:choose></xsl:attribute>
            </xsl:when>
            <xsl:otherwise>
              <xsl:attribute name="dev">
                <xsl:text>hd</xsl:text>
                <xsl:call-template name="letters">
                  <xsl:with-param name="number">
                    <xsl:call-template name="ide-number"/>
                  </xsl:with-param>
                </xsl:call-template>
              </xsl:attribute>
              <xsl:attribute name="bus">ide</xsl:attribute>
            </xsl:otherwise>
          </xsl:choose>
        </target>
        <readonly/>
      </disk>
    </xsl:for-each>
    <xsl:for-each select="$items[*[local-name() = 'ResourceType'] = 14]">
      <disk type="file" device="floppy">
        <driver name="qemu" type="raw"/>
        <xsl:for-each select="key('file', substring-after(*[local-name() = 'HostResource'], '/file/'))">
          <xsl:call-template name="source">
            <xsl:with-param name="file" select="."/>
          </xsl:call-template>
        </xsl:for-each>
        <target bus="fdc">
          <xsl:attribute name="dev">
            <xsl:text>fd</xsl:text>
            <xsl:number value="position()" format="a"/>
          </xsl:attribute>
        </target>
      </disk>
    </xsl:for-each>
  </xsl:template>

  <!-- ==== other devices ==== -->

  <xsl:template name="controllers">
    <xsl:for-each select="$scsi-controllers">
      <xsl:sort select="*[local-name() = 'Address']" data-type="number"/>
      <xsl:variable name="model" select="translate(*[local-name() = 'ResourceSubType'], $upper, $lower)"/>
      <controller type="scsi" index="{position() - 1}">
        <xsl:choose>
          <xsl:when test="count(. | $virtio-controllers) = count($virtio-controllers)"><xsl:attribute name="model">virtio-scsi</xsl:attribute></xsl:when>
          <xsl:when test="contains($model, 'lsilogicsas') or contains($model, 'lsisas')"><xsl:attribute name="model">lsisas1068</xsl:attribute></xsl:when>
          <xsl:when test="contains($model, 'lsilogic')"><xsl:attribute name="model">lsilogic</xsl:attribute></xsl:when>
          <xsl:when test="contains($model, 'buslogic')"><xsl:attribute name="model">buslogic</xsl:attribute></xsl:when>
          <xsl:when test="contains($model, 'virtualscsi')"><xsl:attribute name="model">vmpvscsi</xsl:attribute></xsl:when>
        </xsl:choose>
      </controller>
    </xsl:for-each>
    <xsl:for-each select="$sata-controllers">
      <controller type="sata" index="{position() - 1}"/>
    </xsl:for-each>
  </xsl:template>

  <!-- VirtualBox says the address and the model of a card, and where it is, in its own way only: its cards are those of the
       items, in the order of their slots. -->
  <xsl:variable name="nics" select="$items[*[local-name() = 'ResourceType'] = 10]"/>

  <xsl:template match="*" mode="nic">
    <xsl:variable name="place" select="position()"/>
    <xsl:variable name="connection" select="normalize-space(*[local-name() = 'Connection'])"/>
    <xsl:variable name="slots">
      <xsl:for-each select="$adapters[count($nics) = count($adapters)]">
        <xsl:sort select="@slot" data-type="number"/>
        <xsl:if test="position() = $place"><xsl:value-of select="@slot"/></xsl:if>
      </xsl:for-each>
    </xsl:variable>
    <xsl:variable name="adapter" select="$adapters[@slot = string($slots)][1]"/>
    <!-- oVirt says a place in its Address. -->
    <xsl:variable name="own-address" select="(*[local-name() = 'MACAddress'] | *[local-name() = 'Address'][not(starts-with(normalize-space(), '{'))][not(../*[local-name() = 'MACAddress'])])[normalize-space()]"/>
    <xsl:variable name="address" select="($own-address | $adapter/@MACAddress[not($own-address)])[normalize-space()][1]"/>
    <!-- Two cards on networks of one kind are told apart by the names that these have on the host. -->
    <xsl:variable name="own" select="$adapter/*[@name][local-name() != 'DisabledModes'][1]/@name"/>
    <xsl:variable name="others" select="$adapters[count(. | $adapter) != count($adapter)]/*[local-name() != 'DisabledModes'][local-name() = local-name($own/..)]/@name"/>
    <xsl:variable name="model" select="translate(normalize-space(*[local-name() = 'ResourceSubType']), $upper, $lower)"/>
    <interface type="bridge">
      <xsl:if test="$address">
        <xsl:call-template name="mac">
          <xsl:with-param name="address" select="$address"/>
        </xsl:call-template>
      </xsl:if>
      <source>
        <xsl:attribute name="bridge">
          <xsl:choose>
            <xsl:when test="$own != '' and $others != $own"><xsl:value-of select="normalize-space($own)"/></xsl:when>
            <xsl:when test="$connection != ''"><xsl:value-of select="$connection"/></xsl:when>
            <xsl:otherwise>network</xsl:otherwise>
          </xsl:choose>
        </xsl:attribute>
      </source>
      <xsl:choose>
        <xsl:when test="starts-with($model, 'sriov')"/>
        <xsl:when test="$adapter/@type">
          <xsl:call-template name="nic-model">
            <xsl:with-param name="model" select="$adapter/@type"/>
          </xsl:call-template>
        </xsl:when>
        <xsl:otherwise>
          <xsl:call-template name="nic-model">
            <xsl:with-param name="model" select="$model"/>
          </xsl:call-template>
        </xsl:otherwise>
      </xsl:choose>
      <xsl:call-template name="link">
        <xsl:with-param name="connected" select="(*[local-name() = 'AutomaticAllocation'][$type = 'vmware'] | *[local-name() = 'Linked'] | $adapter/@cable)[1]"/>
        <xsl:with-param name="name" select="concat('&quot;', substring((*[local-name() = 'ElementName' or local-name() = 'Caption'] | *[local-name() = 'Connection'][not(../*[local-name() = 'ElementName' or local-name() = 'Caption'])])[1], 1, 60), '&quot;')"/>
      </xsl:call-template>
      <xsl:call-template name="slot">
        <xsl:with-param name="slot" select="*[local-name() = 'Config'][@*[local-name() = 'key'] = 'slotInfo.pciSlotNumber']/@*[local-name() = 'value']"/>
      </xsl:call-template>
      <!-- Its machine has the first eight cards in these slots of its bus. -->
      <xsl:variable name="device" select="substring(' 03 08 09 0a 10 11 12 13', 3 * number($adapter/@slot) + 2, 2)"/>
      <xsl:if test="string-length($device) = 2">
        <address type="pci" domain="0x0000" bus="0x00" slot="0x{$device}" function="0x0"/>
      </xsl:if>
    </interface>
  </xsl:template>

  <xsl:template name="others">
    <graphics type="vnc" autoport="yes"/>
    <xsl:for-each select="($items[*[local-name() = 'ResourceType'] = 35]
                           | $items[*[local-name() = 'ResourceType'] = 1][contains(*[local-name() = 'ResourceSubType'], 'sound')])[1]">
      <xsl:call-template name="sound">
        <xsl:with-param name="model" select="*[local-name() = 'ResourceSubType']"/>
      </xsl:call-template>
    </xsl:for-each>
    <video>
      <model>
        <xsl:attribute name="type">
          <xsl:choose>
            <xsl:when test="$type = 'vmware'">vmvga</xsl:when>
            <xsl:when test="$type = 'vbox'">vbox</xsl:when>
            <xsl:otherwise>vga</xsl:otherwise>
          </xsl:choose>
        </xsl:attribute>
      </model>
    </video>
    <!-- "Host" and the like are a module of the host's own, which the guest cannot take along, but it will look for one. -->
    <xsl:variable name="tpm" select="translate($box//*[local-name() = 'TrustedPlatformModule']/@type, $upper, $lower)"/>
    <xsl:choose>
      <xsl:when test="$tpm = 'v1_2'"><tpm model="tpm-tis"><backend type="emulator" version="1.2"/></tpm></xsl:when>
      <xsl:when test="$tpm != '' and $tpm != 'none' or contains($platform, ';vtpm=true;')
                      or $items[contains(translate(*[local-name() = 'ResourceSubType'], $upper, $lower), 'vtpm')]">
        <tpm model="tpm-crb"><backend type="emulator" version="2.0"/></tpm>
      </xsl:when>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
