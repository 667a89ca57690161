#!/bin/sh
# Mounts filesystems that never answer (nobody serves their FUSE connection) in namespaces of its own, then runs a script.
# Usage: hung-mounts.sh FOLDER NODE SCRIPT
set -e
for name in one two three; do
  mkdir -p "$1/$name"
done
exec 3<>/dev/fuse 4<>/dev/fuse 5<>/dev/fuse
mount -i -t fuse.sshfs -o fd=3,rootmode=40000,user_id=0,group_id=0 host:/one "$1/one"
mount -i -t fuse.sshfs -o fd=4,rootmode=40000,user_id=0,group_id=0 host:/two "$1/two"
mount -i -t fuse.sshfs -o fd=5,rootmode=40000,user_id=0,group_id=0 host:/three "$1/three"
"$2" --input-type=module -e "$3"
