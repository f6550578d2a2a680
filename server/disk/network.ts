/**
 * Whether a folder lies on a network file system, where SQLite's locks cannot be trusted.
 */

import { readFileSync, statfsSync } from 'node:fs'

/** What the kernel calls a file system: its magic number, and the name it was mounted under. */
export interface FileSystem {
  /** `statfs.f_type` of Linux. */
  type: number
  /** "ext4", "fuse.sshfs"; null where it is not known. */
  name: string | null
}

/** Magic numbers of Linux (statfs(2), linux/magic.h). */
const networks = new Map([
  [0x6969, 'NFS'],
  [0x517b, 'SMB'],
  [0xff534d42, 'SMB (CIFS)'],
  [0xfe534d42, 'SMB'],
  [0x01021997, '9p'],
  [0x5346414f, 'AFS'],
  [0x6b414653, 'AFS'],
  [0x00c36400, 'Ceph'],
  [0x73757245, 'Coda'],
  [0x564c, 'NCP'],
])

const fuse = 0x65735546
/** FUSE is also what local disks of other systems are mounted with, so its name decides. */
const fuseNetworks =
  /^fuse\.(sshfs|rclone|s3fs|gcsfuse|goofys|curlftpfs|davfs2?|smbnetfs|glusterfs|ceph|cephfs|juicefs|gvfsd-fuse|vmhgfs-fuse|seaweedfs)$|^virtiofs$/

/** Its name where it is one, else null. */
export function networkName({ type, name }: FileSystem): string | null {
  // Some architectures tell the number signed.
  const magic = type >>> 0
  if (magic === fuse) return name !== null && fuseNetworks.test(name) ? name.replace('fuse.', '') : null
  return networks.get(magic) ?? null
}

/** Null where the system does not tell: only Linux has numbers that mean the same everywhere. */
export function fileSystemOf(folder: string): FileSystem | null {
  if (process.platform !== 'linux') return null
  try {
    return {
      type: statfsSync(folder).type,
      name: mountedAs(folder, readFileSync('/proc/self/mountinfo', 'utf8')),
    }
  } catch {
    return null
  }
}

/** How the mount that holds `folder` was mounted, by the text of /proc/self/mountinfo (proc(5)). */
export function mountedAs(folder: string, mountinfo: string): string | null {
  const mounts = mountinfo.split('\n').flatMap((line) => {
    const [before = '', after] = line.split(' - ')
    const point = before.split(' ')[4]?.replace(/\\(\d{3})/g, (_, octal: string) => charOf(octal))
    return after !== undefined && point !== undefined ? [{ point, name: after.split(' ')[0] ?? '' }] : []
  })
  const holding = mounts.filter(
    ({ point }) => point === '/' || folder === point || folder.startsWith(`${point}/`),
  )
  // Of two on the same place the later one lies on top.
  const closest = holding.reduce<(typeof mounts)[number] | null>(
    (best, one) => (best === null || one.point.length >= best.point.length ? one : best),
    null,
  )
  return closest?.name ?? null
}

const charOf = (octal: string) => String.fromCharCode(Number.parseInt(octal, 8))
