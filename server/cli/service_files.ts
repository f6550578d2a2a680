/**
 * The words in which systemd and launchd are told to keep Cutroom running.
 */

export interface Service {
  /** Program and arguments, absolute; `--data` is added. */
  command: string[]
  user: string
  data: string
  media: string
  /** Where an executable unpacks itself. */
  cache: string
}

/** A unit with all that can be closed closed: it writes to its data alone, and may read the rest. */
export function systemdUnit({ command, user, data, media, cache }: Service): string {
  const words = [...command, '--data', data].map((word) => quoted(word.replaceAll('$', '$$$$')))
  return `# Save as /etc/systemd/system/cutroom.service, then: systemctl enable --now cutroom
[Unit]
Description=Cutroom
After=network-online.target
Wants=network-online.target

[Service]
ExecStart=${words.join(' ')}
User=${user}
Environment=${quoted(`CUTROOM_MEDIA=${media}`)} ${quoted(`CUTROOM_CACHE=${cache}`)}
Restart=on-failure
RestartSec=2
# What runs is ended first, and taken up again at the next start.
KillMode=mixed
TimeoutStopSec=30
UMask=0027
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths=${[...new Set([data, media])].map(quoted).join(' ')}
PrivateTmp=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes
RestrictRealtime=yes
LockPersonality=yes
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
# Archives that are made elsewhere need their folder here: ReadWritePaths=/another/folder

[Install]
WantedBy=multi-user.target
`
}

/** As a unit has it, where `%` names things. In a command `$` does so, too. */
const quoted = (word: string) => `"${word.replace(/[\\"]/g, '\\$&').replaceAll('%', '%%')}"`

export function launchdPlist({ command, user, data, media, cache }: Service): string {
  const words = [...command, '--data', data].map((word) => `    <string>${escapeXml(word)}</string>`)
  const entry = (key: string, value: string) => `<key>${key}</key>\n    <string>${escapeXml(value)}</string>`
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- Save as /Library/LaunchDaemons/cutroom.plist, then: launchctl bootstrap system /Library/LaunchDaemons/cutroom.plist -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>cutroom</string>
  <key>ProgramArguments</key>
  <array>
${words.join('\n')}
  </array>
  <key>UserName</key>
  <string>${escapeXml(user)}</string>
  <key>EnvironmentVariables</key>
  <dict>
    ${entry('CUTROOM_MEDIA', media)}
    ${entry('CUTROOM_CACHE', cache)}
  </dict>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>Umask</key>
  <integer>23</integer>
  <key>StandardErrorPath</key>
  <string>${escapeXml(data)}/cutroom.log</string>
</dict>
</plist>
`
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeXml = (text: string) => text.replace(/[&<>"]/g, (sign) => escapes[sign] ?? sign)
