<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: GPL-2.0-or-later

     Makes a domain of VMware's configuration file of a guest. Its keys are in lower case:
     <key name="memsize">, and those with a dot below what stands before the first dot:
     <group name="scsi0:1" word="scsi" first="0" second="1"><key name="filename">. One whose value cannot be
     read has the reason as @problem. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:import href="read-common.xsl"/>
  <xsl:output method="xml" encoding="UTF-8" indent="yes"/>

  <xsl:variable name="root" select="/configuration"/>
  <!-- What is not said to be present is not there, and the settings of a device that was removed stay in the file: but for
       floppy drives, and for the controllers of IDE, which every machine has. -->
  <xsl:variable name="said" select="$root/group[normalize-space(key[@name = 'present']) != '']"/>
  <xsl:variable name="present" select="$said[contains($true, concat(' ', translate(normalize-space(key[@name = 'present']), $upper, $lower), ' '))]"/>
  <xsl:variable name="absent" select="$said[not(contains($true, concat(' ', translate(normalize-space(key[@name = 'present']), $upper, $lower), ' ')))]"/>
  <xsl:variable name="floppies" select="$root/group[@word = 'floppy'][@first][not(@second)][not(@name = $absent/@name)]"/>
  <xsl:variable name="groups" select="$present"/>
  <xsl:variable name="units" select="$present[@second][concat(@word, @first) = $present/@name or @word = 'ide' and not(concat(@word, @first) = $absent/@name)]"/>
  <xsl:variable name="guest-os" select="translate($root/key[@name = 'guestos'], $upper, $lower)"/>

  <!-- An image of a CD in a place that says nothing else is in a drive. -->
  <xsl:variable name="drives" select="$units[contains(translate(key[@name = 'devicetype'], $upper, $lower), 'cdrom')
                                             or not(normalize-space(key[@name = 'devicetype'])) and contains(concat(translate(normalize-space(key[@name = 'filename']), $upper, $lower), '|'), '.iso|')]
                                            [@word = 'scsi' or @word = 'sata' or @word = 'ide']"/>
  <xsl:variable name="passed" select="$units[contains(translate(key[@name = 'devicetype'], $upper, $lower), 'passthru')]"/>
  <xsl:variable name="disks" select="$units[key[@name = 'filename']][not(@name = $drives/@name)][not(@name = $passed/@name)]"/>
  <xsl:variable name="scsi" select="$disks[@word = 'scsi']"/>
  <xsl:variable name="sata" select="$disks[@word = 'sata']"/>

  <!-- Devices of the host on the guest's bus; network cards are those that know a network. -->
  <xsl:variable name="passed-pci" select="$groups[@word = 'pcipassthru'][@first][not(@second)]"/>
  <xsl:variable name="passed-nics" select="$passed-pci[key[@name = 'macaddress' or @name = 'generatedmacaddress' or @name = 'networkname'
                                                              or @name = 'pfid' or starts-with(@name, 'dvs.')]]"/>

  <!-- Of what starts a BIOS machine: ",scsi0:0,ide0:0," -->
  <xsl:variable name="boot-order">
    <xsl:if test="translate($root/key[@name = 'firmware'], $upper, $lower) != 'efi'">
      <xsl:value-of select="concat(',', translate($root/group[@name = 'bios']/key[@name = 'hddorder'], concat($upper, ' '), $lower), ',')"/>
    </xsl:if>
  </xsl:variable>

  <xsl:template match="/">
    <!-- Only what is needed has to be readable: not what a guest notes for itself below guestinfo, say. -->
    <xsl:for-each select="($root/key[@problem][contains(' displayname guestos memsize numvcpus firmware ', concat(' ', @name, ' '))]
                           | $root/group[contains(' uuid vm cpuid uefi rtc bios ', concat(' ', @name, ' '))
                                         or contains(' scsi sata ide nvme floppy ethernet pcipassthru ', concat(' ', @word, ' '))]/key[@problem])[1]">
      <xsl:call-template name="refuse">
        <xsl:with-param name="text" select="@problem"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="$root/key[@name = 'annotation'][@problem]">
      <xsl:call-template name="warn">
        <xsl:with-param name="text" select="concat('the note is left out: ', @problem)"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:if test="not($disks) and $root/group[@name = 'encryption']">
      <xsl:call-template name="refuse">
        <xsl:with-param name="at" select="$root/group[@name = 'encryption']"/>
        <xsl:with-param name="text">the guest is encrypted, so its disks are not known: remove the encryption on the old host, then copy its files again</xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="not($disks)">
      <xsl:for-each select="($root/group[key[@name = 'filename']][@second][not(@name = $units/@name)][@word = 'scsi' or @word = 'sata' or @word = 'ide' or @word = 'nvme']
                                        [not(contains(translate(key[@name = 'devicetype'], $upper, $lower), 'cdrom'))])[1]">
        <xsl:variable name="missing">
          <xsl:if test="not(@name = $present/@name)"><xsl:value-of select="@name"/></xsl:if>
          <xsl:if test="@name = $present/@name"><xsl:value-of select="concat(@word, @first)"/></xsl:if>
        </xsl:variable>
        <xsl:call-template name="refuse">
          <xsl:with-param name="at" select="key[@name = 'filename']"/>
          <xsl:with-param name="text" select="concat('the guest has no disk: ', @name, ' names a disk, but there is no line ', $missing, '.present = &quot;TRUE&quot;, which means that the disk was removed; if it was not, add this line')"/>
        </xsl:call-template>
      </xsl:for-each>
    </xsl:if>
    <xsl:call-template name="left-out"/>
    <domain type="vmware">
      <xsl:if test="$guest-os != ''">
        <xsl:comment><xsl:value-of select="concat(' system: ', translate(substring($guest-os, 1, 100), '-', '_'), ' ')"/></xsl:comment>
      </xsl:if>
      <name>
        <xsl:choose>
          <xsl:when test="normalize-space($root/key[@name = 'displayname'])"><xsl:value-of select="normalize-space($root/key[@name = 'displayname'])"/></xsl:when>
          <xsl:otherwise><xsl:value-of select="$root/@name"/></xsl:otherwise>
        </xsl:choose>
      </name>
      <xsl:call-template name="uuid"/>
      <xsl:variable name="genid" select="v2v-genid($root/group[@name = 'vm']/key[@name = 'genid'], $root/group[@name = 'vm']/key[@name = 'genidx'])"/>
      <xsl:if test="$genid != ''"><genid><xsl:value-of select="$genid"/></genid></xsl:if>
      <xsl:if test="normalize-space($root/key[@name = 'annotation'])"><description><xsl:value-of select="$root/key[@name = 'annotation']"/></description></xsl:if>
      <xsl:call-template name="memory"/>
      <xsl:call-template name="processors"/>
      <xsl:call-template name="os"/>
      <features><acpi/><apic/></features>
      <xsl:call-template name="topology"/>
      <xsl:call-template name="clock">
        <xsl:with-param name="system" select="$guest-os"/>
        <xsl:with-param name="shift" select="$root/group[@name = 'rtc']/key[@name = 'difffromutc']"/>
      </xsl:call-template>
      <devices>
        <xsl:call-template name="disks"/>
        <xsl:call-template name="removable"/>
        <xsl:call-template name="controllers"/>
        <xsl:for-each select="$groups[@word = 'ethernet'][@first][not(@second)]">
          <xsl:sort select="@first" data-type="number"/>
          <xsl:call-template name="nic"/>
        </xsl:for-each>
        <xsl:for-each select="$passed-nics">
          <xsl:sort select="@first" data-type="number"/>
          <xsl:call-template name="nic"/>
        </xsl:for-each>
        <xsl:for-each select="$groups[@word = 'serial'][@first][not(key[@name = 'filetype'] = 'thinprint')]">
          <xsl:sort select="@first" data-type="number"/>
          <serial type="pty"><target port="{@first}"/></serial>
        </xsl:for-each>
        <xsl:call-template name="screen"/>
        <xsl:if test="$groups[@name = 'sound']">
          <xsl:call-template name="sound">
            <xsl:with-param name="model" select="$groups[@name = 'sound']/key[@name = 'virtualdev']"/>
          </xsl:call-template>
        </xsl:if>
        <xsl:call-template name="video"/>
        <xsl:if test="$groups[@name = 'vtpm']">
          <tpm model="tpm-crb"><backend type="emulator" version="2.0"/></tpm>
        </xsl:if>
      </devices>
    </domain>
  </xsl:template>

  <!-- Devices that no other host can give the guest. -->
  <xsl:template name="left-out">
    <xsl:for-each select="$passed | $passed-pci[not(@name = $passed-nics/@name)]">
      <xsl:call-template name="warn">
        <xsl:with-param name="text" select="concat('a device of the host was passed through to the guest as ', substring(concat('pciPassthru', @first), 1 div (@word = 'pcipassthru')), substring(@name, 1 div (@word != 'pcipassthru')), ' and is left out: add one of the new host with virsh edit')"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="$passed-nics">
      <xsl:call-template name="warn">
        <xsl:with-param name="text" select="concat('a network card of the host was passed through to the guest as pciPassthru', @first, ': the new guest gets an emulated one with the same address')"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="$root/group[starts-with(@name, 'usb')]/key[starts-with(@name, 'autoconnect.device')][normalize-space()]">
      <xsl:call-template name="warn">
        <xsl:with-param name="text" select="concat('a USB device of the host (', substring(normalize-space(), 1, 80), ') was passed through to the guest and is left out: add one of the new host with virsh edit')"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="$groups[@word = 'sharedfolder'][@first]">
      <xsl:call-template name="warn">
        <xsl:with-param name="text" select="concat('a directory of the host (', substring(key[@name = 'hostpath'], 1, 100), ') was shared with the guest and is left out: add one of the new host with virsh edit')"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="$groups[@word = 'nvdimm'][@second]">
      <xsl:call-template name="warn">
        <xsl:with-param name="text" select="concat('the NVDIMM ', @name, ' and its contents are left out: add one with virsh edit if the guest needs it')"/>
      </xsl:call-template>
    </xsl:for-each>
    <!-- What says that the guest has no more of the host than others is no share. -->
    <xsl:variable name="shares" select="$root/group[@name = 'sched' or @name = 'numa']
                                        /key[contains(' cpu.affinity mem.affinity cpu.min mem.min mem.minsize cpu.max cpu.shares mem.shares mem.pin nodeaffinity ', concat(' ', @name, ' '))]
                                            [not(contains(' all 0 -1 normal unlimited false ', concat(' ', translate(normalize-space(), $upper, $lower), ' ')))][normalize-space()]"/>
    <xsl:if test="$shares">
      <xsl:call-template name="warn">
        <xsl:with-param name="at" select="$shares"/>
        <xsl:with-param name="text">
          <xsl:text>the old host gave the guest certain processors, memory or shares of them (</xsl:text>
          <xsl:for-each select="$shares">
            <xsl:if test="position() &gt; 1">, </xsl:if>
            <xsl:value-of select="concat(../@name, '.', @name)"/>
          </xsl:for-each>
          <xsl:text>): the new domain has no such settings; add those that fit the new host with virsh edit</xsl:text>
        </xsl:with-param>
      </xsl:call-template>
    </xsl:if>
    <xsl:for-each select="$groups[@word = 'parallel'][@first]">
      <xsl:call-template name="warn">
        <xsl:with-param name="text" select="concat('the parallel port ', @name, ' is left out: add one with virsh edit if the guest needs it')"/>
      </xsl:call-template>
    </xsl:for-each>
  </xsl:template>

  <!-- "56 4d 01 02 03 04 05 06-07 08 09 0a 0b 0c 0d 0e" -->
  <xsl:template name="uuid">
    <xsl:variable name="key" select="$root/group[@name = 'uuid']/key[@name = 'bios']"/>
    <xsl:variable name="plain" select="translate($key, concat($upper, ' -'), $lower)"/>
    <xsl:if test="normalize-space($key)">
      <xsl:if test="string-length($plain) != 32 or translate($plain, '0123456789abcdef', '') != ''">
        <xsl:call-template name="refuse">
          <xsl:with-param name="at" select="$key"/>
          <xsl:with-param name="text" select="concat('uuid.bios is &quot;', substring($key, 1, 60), '&quot;, expected 16 bytes in hexadecimal')"/>
        </xsl:call-template>
      </xsl:if>
      <uuid>
        <xsl:value-of select="concat(substring($plain, 1, 8), '-', substring($plain, 9, 4), '-', substring($plain, 13, 4), '-', substring($plain, 17, 4), '-', substring($plain, 21))"/>
      </uuid>
    </xsl:if>
  </xsl:template>

  <xsl:template name="memory">
    <xsl:variable name="key" select="$root/key[@name = 'memsize']"/>
    <xsl:choose>
      <xsl:when test="$key">
        <xsl:variable name="mib">
          <xsl:call-template name="whole">
            <xsl:with-param name="value" select="$key"/>
            <xsl:with-param name="what">memSize</xsl:with-param>
            <xsl:with-param name="max" select="1073741824"/>
          </xsl:call-template>
        </xsl:variable>
        <memory unit="KiB"><xsl:value-of select="format-number($mib * 1024, '0')"/></memory>
      </xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="warn">
          <xsl:with-param name="at" select="$root"/>
          <xsl:with-param name="text">memSize is missing: the new guest gets 1 GiB of memory</xsl:with-param>
        </xsl:call-template>
        <memory unit="KiB">1048576</memory>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="processors">
    <xsl:variable name="key" select="$root/key[@name = 'numvcpus']"/>
    <vcpu>
      <xsl:choose>
        <xsl:when test="$key">
          <xsl:call-template name="whole">
            <xsl:with-param name="value" select="$key"/>
            <xsl:with-param name="what">numvcpus</xsl:with-param>
            <xsl:with-param name="max" select="8192"/>
          </xsl:call-template>
        </xsl:when>
        <xsl:otherwise>1</xsl:otherwise>
      </xsl:choose>
    </vcpu>
  </xsl:template>

  <xsl:template name="topology">
    <xsl:call-template name="sockets">
      <xsl:with-param name="count" select="number($root/key[@name = 'numvcpus'])"/>
      <xsl:with-param name="cores" select="number($root/group[@name = 'cpuid']/key[@name = 'corespersocket'])"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template name="os">
    <xsl:variable name="firmware" select="translate($root/key[@name = 'firmware'], $upper, $lower)"/>
    <os>
      <xsl:choose>
        <xsl:when test="$firmware = 'efi'"><xsl:attribute name="firmware">efi</xsl:attribute></xsl:when>
        <xsl:when test="$firmware != '' and $firmware != 'bios'">
          <xsl:call-template name="refuse">
            <xsl:with-param name="at" select="$root/key[@name = 'firmware']"/>
            <xsl:with-param name="text" select="concat('the firmware is &quot;', substring($firmware, 1, 40), '&quot;, expected bios or efi')"/>
          </xsl:call-template>
        </xsl:when>
      </xsl:choose>
      <type>
        <xsl:choose>
          <xsl:when test="starts-with($guest-os, 'arm-')"><xsl:attribute name="arch">aarch64</xsl:attribute></xsl:when>
          <xsl:when test="contains($guest-os, '64')"><xsl:attribute name="arch">x86_64</xsl:attribute></xsl:when>
        </xsl:choose>
        <xsl:text>hvm</xsl:text>
      </type>
      <xsl:if test="$firmware = 'efi' and contains($true, concat(' ', translate(normalize-space($root/group[@name = 'uefi']/key[@name = 'secureboot.enabled']), $upper, $lower), ' '))">
        <firmware><feature enabled="yes" name="secure-boot"/></firmware>
      </xsl:if>
      <!-- The maker and the serial numbers of the host. -->
      <xsl:if test="contains($true, concat(' ', translate(normalize-space($root/group[@name = 'smbios']/key[@name = 'reflecthost']), $upper, $lower), ' '))">
        <smbios mode="host"/>
      </xsl:if>
    </os>
  </xsl:template>

  <!-- ==== disks ==== -->

  <xsl:template name="disks">
    <xsl:for-each select="$scsi">
      <xsl:sort select="@first" data-type="number"/>
      <xsl:sort select="@second" data-type="number"/>
      <xsl:call-template name="disk">
        <xsl:with-param name="bus">scsi</xsl:with-param>
        <xsl:with-param name="prefix">sd</xsl:with-param>
        <xsl:with-param name="number" select="position() - 1"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="$sata">
      <xsl:sort select="@first" data-type="number"/>
      <xsl:sort select="@second" data-type="number"/>
      <xsl:call-template name="disk">
        <xsl:with-param name="bus">sata</xsl:with-param>
        <xsl:with-param name="prefix">sd</xsl:with-param>
        <xsl:with-param name="number" select="count($scsi) + position() - 1"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="$disks[@word = 'nvme']">
      <xsl:sort select="@first" data-type="number"/>
      <xsl:sort select="@second" data-type="number"/>
      <xsl:call-template name="disk">
        <xsl:with-param name="bus">nvme</xsl:with-param>
        <xsl:with-param name="name" select="concat('nvme', @first, 'n', @second + 1)"/>
      </xsl:call-template>
    </xsl:for-each>
    <xsl:for-each select="$disks[@word = 'ide']">
      <xsl:sort select="@first" data-type="number"/>
      <xsl:sort select="@second" data-type="number"/>
      <xsl:call-template name="disk">
        <xsl:with-param name="bus">ide</xsl:with-param>
        <xsl:with-param name="prefix">hd</xsl:with-param>
        <xsl:with-param name="number" select="2 * @first + @second"/>
      </xsl:call-template>
    </xsl:for-each>
  </xsl:template>

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
    <xsl:variable name="file" select="key[@name = 'filename']"/>
    <xsl:variable name="format">
      <xsl:call-template name="format-of-file">
        <xsl:with-param name="file" select="$file"/>
      </xsl:call-template>
    </xsl:variable>
    <xsl:if test="string($format) != 'vmdk'">
      <xsl:call-template name="refuse">
        <xsl:with-param name="at" select="$file"/>
        <xsl:with-param name="text" select="concat('the disk ', @name, ' is in the file &quot;', substring($file, 1, 100), '&quot;, expected a VMDK (*.vmdk)')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="contains(translate(key[@name = 'mode'], $upper, $lower), 'nonpersistent')">
      <xsl:call-template name="warn">
        <xsl:with-param name="at" select="key[@name = 'mode']"/>
        <xsl:with-param name="text" select="concat('the disk ', @name, ' lost all changes whenever the guest was switched off (', key[@name = 'mode'], '): the disk of the new guest keeps them')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:if test="normalize-space(key[@name = 'redo'])">
      <xsl:call-template name="warn">
        <xsl:with-param name="at" select="key[@name = 'redo']"/>
        <xsl:with-param name="text" select="concat('the last changes to the disk ', @name, ' are in the file &quot;', substring(key[@name = 'redo'], 1, 100), '&quot;, which is not read: commit them on the old host if they are needed')"/>
      </xsl:call-template>
    </xsl:if>
    <xsl:variable name="sharing" select="translate(normalize-space(key[@name = 'sharing']), $upper, $lower)"/>
    <xsl:variable name="bus-sharing" select="translate(normalize-space($present[@name = concat(current()/@word, current()/@first)]/key[@name = 'sharedbus']), $upper, $lower)"/>
    <xsl:variable name="place" select="concat(',', @name, ',')"/>
    <disk type="file" device="disk">
      <driver name="qemu" type="vmdk"/>
      <source file="{$file}" line="{v2v-line($file)}"/>
      <target dev="{$name}" bus="{$bus}"/>
      <xsl:if test="contains($boot-order, $place)">
        <xsl:variable name="before" select="substring-before($boot-order, $place)"/>
        <boot order="{string-length($before) - string-length(translate($before, ',', '')) + 1}"/>
      </xsl:if>
      <xsl:if test="$sharing != '' and $sharing != 'none' or $bus-sharing != '' and $bus-sharing != 'none'"><shareable/></xsl:if>
    </disk>
  </xsl:template>

  <!-- ==== removable media ==== -->

  <xsl:template name="removable">
    <xsl:for-each select="$drives">
      <xsl:sort select="@word"/>
      <xsl:sort select="@first" data-type="number"/>
      <xsl:sort select="@second" data-type="number"/>
      <xsl:variable name="file" select="key[@name = 'filename']"/>
      <disk type="file" device="cdrom">
        <driver name="qemu" type="raw"/>
        <xsl:if test="(contains(translate(key[@name = 'devicetype'], $upper, $lower), 'image') or not(normalize-space(key[@name = 'devicetype']))) and normalize-space($file)">
          <source file="{$file}" line="{v2v-line($file)}"/>
        </xsl:if>
        <target bus="{@word}">
          <xsl:attribute name="dev">
            <xsl:choose>
              <xsl:when test="@word = 'ide'">
                <xsl:text>hd</xsl:text>
                <xsl:call-template name="letters">
                  <xsl:with-param name="number" select="2 * @first + @second"/>
                </xsl:call-template>
              </xsl:when>
              <xsl:otherwise>
                <xsl:text>sd</xsl:text>
                <xsl:call-template name="letters">
                  <xsl:with-param name="number" select="count($scsi | $sata) + position() - 1"/>
                </xsl:call-template>
              </xsl:otherwise>
            </xsl:choose>
          </xsl:attribute>
        </target>
        <readonly/>
      </disk>
    </xsl:for-each>
    <xsl:for-each select="$floppies">
      <xsl:sort select="@first" data-type="number"/>
      <xsl:variable name="file" select="key[@name = 'filename']"/>
      <disk type="file" device="floppy">
        <driver name="qemu" type="raw"/>
        <xsl:if test="key[@name = 'filetype'] = 'file' and normalize-space($file)">
          <source file="{$file}" line="{v2v-line($file)}"/>
        </xsl:if>
        <target bus="fdc">
          <xsl:attribute name="dev">
            <xsl:text>fd</xsl:text>
            <xsl:number value="@first + 1" format="a"/>
          </xsl:attribute>
        </target>
      </disk>
    </xsl:for-each>
  </xsl:template>

  <!-- ==== other devices ==== -->

  <xsl:template name="controllers">
    <xsl:for-each select="$groups[@word = 'scsi'][@first][not(@second)]">
      <xsl:sort select="@first" data-type="number"/>
      <xsl:variable name="model" select="translate(key[@name = 'virtualdev'], $upper, $lower)"/>
      <controller type="scsi" index="{@first}">
        <xsl:choose>
          <xsl:when test="$model = 'lsisas1068'"><xsl:attribute name="model">lsisas1068</xsl:attribute></xsl:when>
          <xsl:when test="$model = 'pvscsi'"><xsl:attribute name="model">vmpvscsi</xsl:attribute></xsl:when>
          <xsl:when test="$model = 'lsilogic' or $model = 'buslogic'"><xsl:attribute name="model"><xsl:value-of select="$model"/></xsl:attribute></xsl:when>
        </xsl:choose>
      </controller>
    </xsl:for-each>
    <xsl:for-each select="$groups[@word = 'sata'][@first][not(@second)]">
      <xsl:sort select="@first" data-type="number"/>
      <controller type="sata" index="{@first}"/>
    </xsl:for-each>
  </xsl:template>

  <!-- Called at the group. -->
  <xsl:template name="nic">
    <xsl:variable name="kind" select="translate(key[@name = 'connectiontype'], $upper, $lower)"/>
    <xsl:variable name="static" select="key[@name = 'address'][translate(../key[@name = 'addresstype'], $upper, $lower) = 'static' or not(../key[@name = 'generatedaddress'])]"/>
    <xsl:variable name="address" select="$static | key[@name = 'generatedaddress'][not($static)] | key[@name = 'macaddress']
                                         | key[@name = 'generatedmacaddress'][not(../key[@name = 'macaddress'])]"/>
    <!-- What names the network, best first: a name for people, and identifiers of networks that have none in this file. -->
    <xsl:variable name="network" select="normalize-space(key[@name = 'networkname'])"/>
    <xsl:variable name="identifier" select="(key[@name = 'opaquenetwork.id'] | key[@name = 'dvs.portgroupid'] | key[@name = 'pvnid'])[normalize-space()][1]
                                              | key[@name = 'dvs.switchid'][normalize-space()][not(../key[@name = 'opaquenetwork.id' or @name = 'dvs.portgroupid' or @name = 'pvnid'][normalize-space()])]"/>
    <xsl:variable name="device" select="normalize-space(key[@name = 'vnet'])"/>
    <interface>
      <xsl:attribute name="type">
        <xsl:choose>
          <xsl:when test="$kind = 'nat'">network</xsl:when>
          <xsl:otherwise>bridge</xsl:otherwise>
        </xsl:choose>
      </xsl:attribute>
      <xsl:if test="normalize-space($address)">
        <xsl:call-template name="mac">
          <xsl:with-param name="address" select="$address"/>
        </xsl:call-template>
      </xsl:if>
      <source>
        <xsl:choose>
          <xsl:when test="$kind = 'nat'"><xsl:attribute name="network">default</xsl:attribute></xsl:when>
          <xsl:otherwise>
            <xsl:attribute name="bridge">
              <xsl:choose>
                <xsl:when test="$network != ''"><xsl:value-of select="$network"/></xsl:when>
                <xsl:when test="$identifier"><xsl:value-of select="normalize-space($identifier)"/></xsl:when>
                <!-- Of Linux, where networks are devices, and of others. -->
                <xsl:when test="starts-with($device, '/dev/')"><xsl:value-of select="substring($device, 6)"/></xsl:when>
                <xsl:when test="$device != ''"><xsl:value-of select="$device"/></xsl:when>
                <xsl:when test="$kind = 'hostonly'">vmnet1</xsl:when>
                <xsl:otherwise>vmnet0</xsl:otherwise>
              </xsl:choose>
            </xsl:attribute>
          </xsl:otherwise>
        </xsl:choose>
      </source>
      <xsl:call-template name="nic-model">
        <xsl:with-param name="model" select="key[@name = 'virtualdev']"/>
      </xsl:call-template>
      <xsl:call-template name="link">
        <xsl:with-param name="connected" select="key[@name = 'startconnected']"/>
        <xsl:with-param name="name" select="@name"/>
      </xsl:call-template>
      <xsl:call-template name="slot">
        <xsl:with-param name="slot" select="key[@name = 'pcislotnumber']"/>
      </xsl:call-template>
    </interface>
  </xsl:template>

  <!-- Who may look at it, and with which keys: RemoteDisplay.vnc. Where it was seen is the old host's. -->
  <xsl:template name="screen">
    <xsl:variable name="vnc" select="$root/group[@name = 'remotedisplay']/key[starts-with(@name, 'vnc.')]"/>
    <xsl:variable name="password" select="$vnc[@name = 'vnc.password']"/>
    <xsl:variable name="layout" select="normalize-space($vnc[@name = 'vnc.keymap'])"/>
    <graphics type="vnc" autoport="yes">
      <xsl:if test="contains($true, concat(' ', translate(normalize-space($vnc[@name = 'vnc.enabled']), $upper, $lower), ' '))">
        <xsl:if test="$layout != '' and translate($layout, 'abcdefghijklmnopqrstuvwxyz-', '') = ''"><xsl:attribute name="keymap"><xsl:value-of select="$layout"/></xsl:attribute></xsl:if>
        <!-- VNC has eight characters at most. -->
        <xsl:if test="$password != '' and string-length($password) &lt;= 8"><xsl:attribute name="passwd"><xsl:value-of select="$password"/></xsl:attribute></xsl:if>
      </xsl:if>
    </graphics>
  </xsl:template>

  <xsl:template name="video">
    <xsl:variable name="bytes" select="number($root/group[@name = 'svga']/key[@name = 'vramsize'])"/>
    <video>
      <model type="vmvga">
        <xsl:if test="$bytes &gt;= 1024 and $bytes &lt; 4294967296">
          <xsl:attribute name="vram"><xsl:value-of select="floor($bytes div 1024)"/></xsl:attribute>
        </xsl:if>
      </model>
    </video>
  </xsl:template>
</xsl:stylesheet>
