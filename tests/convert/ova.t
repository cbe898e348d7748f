#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A Debian 12 guest of VMware as an OVA, its disk a stream-optimised VMDK that is read inside of
# the archive: in the guest it is sda, converted it is vda.
. "${V2V_TEST_SRCDIR:?run by make check}/tests/convert/lib.sh" || exit 1

name=debian-bookworm-vmware
guest debian.sh $name --suite bookworm --no-uuid --hypervisor vmware || exit 1
mkdir "$tmp/ova" "$tmp/out"
qemu-img convert -f raw -O vmdk -o subformat=streamOptimized "$made/$name.img" "$tmp/ova/$name-disk1.vmdk" || exit 1
mac=$(xmllint --xpath 'string(//mac/@address)' "$made/$name.xml")
cat >"$tmp/ova/$name.ovf" <<END
<?xml version="1.0" encoding="UTF-8"?>
<Envelope xmlns="http://schemas.dmtf.org/ovf/envelope/1" xmlns:ovf="http://schemas.dmtf.org/ovf/envelope/1" xmlns:rasd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_ResourceAllocationSettingData" xmlns:vmw="http://www.vmware.com/schema/ovf" xmlns:vssd="http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2/CIM_VirtualSystemSettingData">
  <References><File ovf:href="$name-disk1.vmdk" ovf:id="file1" ovf:size="$(stat -c %s "$tmp/ova/$name-disk1.vmdk")"/></References>
  <DiskSection><Info/><Disk ovf:capacity="2" ovf:capacityAllocationUnits="byte * 2^30" ovf:diskId="vmdisk1" ovf:fileRef="file1" ovf:format="http://www.vmware.com/interfaces/specifications/vmdk.html#streamOptimized"/></DiskSection>
  <VirtualSystem ovf:id="vm">
    <Info/><Name>$name</Name>
    <OperatingSystemSection ovf:id="96" vmw:osType="debian12_64Guest"><Info/></OperatingSystemSection>
    <VirtualHardwareSection>
      <Info/>
      <System><vssd:ElementName>Virtual Hardware Family</vssd:ElementName><vssd:InstanceID>0</vssd:InstanceID><vssd:VirtualSystemType>vmx-19</vssd:VirtualSystemType></System>
      <Item><rasd:InstanceID>1</rasd:InstanceID><rasd:ResourceType>3</rasd:ResourceType><rasd:VirtualQuantity>2</rasd:VirtualQuantity></Item>
      <Item><rasd:AllocationUnits>byte * 2^20</rasd:AllocationUnits><rasd:InstanceID>2</rasd:InstanceID><rasd:ResourceType>4</rasd:ResourceType><rasd:VirtualQuantity>1024</rasd:VirtualQuantity></Item>
      <Item><rasd:Address>0</rasd:Address><rasd:InstanceID>3</rasd:InstanceID><rasd:ResourceSubType>VirtualSCSI</rasd:ResourceSubType><rasd:ResourceType>6</rasd:ResourceType></Item>
      <Item><rasd:AddressOnParent>0</rasd:AddressOnParent><rasd:ElementName>Hard Disk 1</rasd:ElementName><rasd:HostResource>ovf:/disk/vmdisk1</rasd:HostResource><rasd:InstanceID>4</rasd:InstanceID><rasd:Parent>3</rasd:Parent><rasd:ResourceType>17</rasd:ResourceType></Item>
      <Item><rasd:Address>$mac</rasd:Address><rasd:Connection>VM Network</rasd:Connection><rasd:InstanceID>5</rasd:InstanceID><rasd:ResourceSubType>VmxNet3</rasd:ResourceSubType><rasd:ResourceType>10</rasd:ResourceType></Item>
    </VirtualHardwareSection>
  </VirtualSystem>
</Envelope>
END
(
	cd "$tmp/ova" || exit 1
	for file in $name.ovf $name-disk1.vmdk; do echo "SHA256($file)= $(sha256sum "$file" | cut -d' ' -f1)"; done >$name.mf
	tar --format=ustar -cf ../$name.ova $name.ovf $name.mf $name-disk1.vmdk
)
rm -r "$tmp/ova"
before=$(sha256sum <"$tmp/$name.ova")

engine --source ova --network default --output-dir "$tmp/out" --report "$tmp/report.json" "$tmp/$name.ova" converted
ok "it is converted" exits 0
ok "the source is as it was" is "$(sha256sum <"$tmp/$name.ova")" "$before"
ok "only results are left" is "$(ls -A "$tmp/out")" "$(printf 'converted-sda\nconverted.xml')"
ok "nor anything temporary" is "$(find "$tmp" -maxdepth 1 -name 'v2v-engine.*')" ""
disk=$(xmllint --xpath 'string(/domain/devices/disk/driver/@type)' "$tmp/out/converted.xml")
ok "the new disk is no part of an archive" is "$disk $(xmllint --xpath 'count(//slice)' "$tmp/out/converted.xml")" "qcow2 0"
boot_ok "it boots on virtio with its disk renamed" "$tmp/out/converted.xml" "$made/$name.expect"

done_testing
