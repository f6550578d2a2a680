import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fileSystemOf, mountedAs, networkName } from '../../../server/disk/network.ts'
import { refuseNetwork } from '../../../server/open.ts'
import { folder } from '../../media.ts'

const network = suite('network file systems')

const kinds: [type: number, name: string | null, is: string | null][] = [
  [0x6969, 'nfs4', 'NFS'],
  [0xff534d42, 'cifs', 'SMB (CIFS)'],
  [-11317950, 'cifs', 'SMB (CIFS)'], // the same number, told signed
  [0xfe534d42, 'smb3', 'SMB'],
  [0x01021997, '9p', '9p'],
  [0x65735546, 'fuse.sshfs', 'sshfs'],
  [0x65735546, 'fuse.rclone', 'rclone'],
  [0x65735546, 'virtiofs', 'virtiofs'],
  [0x65735546, 'fuseblk', null], // a local disk with NTFS
  [0x65735546, null, null],
  [0xef53, 'ext4', null],
  [0x9123683e, 'btrfs', null],
  [0x01021994, 'tmpfs', null],
  [0x794c7630, 'overlay', null],
]

network('are told by their number, and FUSE by its name', () => {
  for (const [type, name, is] of kinds) assert.is(networkName({ type, name }), is, `${type} ${name}`)
})

network('a database on one is refused with the reason, unless a person takes the risk', () => {
  const config = { data: '/mnt/nas/cutroom', allowNetworkDatabase: false }
  const nfs = { type: 0x6969, name: 'nfs4' }
  assert.throws(
    () => refuseNetwork(config, nfs),
    /network file system.*locks.*CUTROOM_MEDIA.*CUTROOM_ALLOW_NETWORK_DATABASE=1.*NFS, \/mnt\/nas\/cutroom/,
  )
  refuseNetwork({ ...config, allowNetworkDatabase: true }, nfs)
  refuseNetwork(config, { type: 0xef53, name: 'ext4' })
  refuseNetwork(config, null)
})

network('the mount that holds a folder is the closest one, the topmost of two on one place', () => {
  const mountinfo = [
    '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
    '40 22 0:35 / /mnt/nas rw shared:2 - nfs4 server:/export rw',
    '41 22 0:36 / /mnt/nas rw - fuse.sshfs me@host:/ rw',
    '42 22 0:37 / /mnt/My\\040Films rw master:3 propagate_from:2 - cifs //s/films rw',
    '',
  ].join('\n')
  assert.is(mountedAs('/home/studio', mountinfo), 'ext4')
  assert.is(mountedAs('/mnt/nas/cutroom', mountinfo), 'fuse.sshfs')
  assert.is(mountedAs('/mnt/nas2', mountinfo), 'ext4')
  assert.is(mountedAs('/mnt/My Films/a', mountinfo), 'cifs')
  assert.is(mountedAs('/anywhere', 'nonsense\n- -'), null)
})

network('a real folder tells what it lies on, where the system does', () => {
  const found = fileSystemOf(folder())
  if (process.platform === 'linux') assert.type(found?.type, 'number')
  else assert.is(found, null)
})

network.run()
