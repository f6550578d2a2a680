/**
 * The settings that people change, in groups and words: for the page and the shell alike.
 */

import { type SettingKey, settingRange, type Settings } from '../db/settings.ts'
import type { GroupName, SettingControl, SettingGroup } from '../templates/settings_page.tsx'
import type { Range } from '../workers/media/ranges.ts'

interface Told {
  label: string
  help: string
}

/** What is not here is either Cutroom's own note or set elsewhere; docs/seeds.md and docs/presets.md say which. */
const groups: Record<
  GroupName,
  { title: string; about: string; settings: Partial<Record<SettingKey, Told>> }
> = {
  naming: {
    title: 'Output and naming',
    about: 'For archives that begin from now on. Those that have begun keep their names.',
    settings: {
      naming_project: { label: 'Project folder', help: '{date}, {artwork}' },
      naming_still: {
        label: 'Stills',
        help: 'Full size, web and thumbnails: {artwork}, {type}, {seq}, {aspect}, {date}',
      },
      naming_clip: { label: 'Clips and groups', help: '{artwork}, {type}, {seq}, {aspect}, {date}' },
      naming_master: {
        label: 'Optimised master',
        help: '{artwork}, {type}, {date}. The copied one keeps its own name',
      },
      naming_research: { label: 'R&D files', help: '{artwork}, {type}, {seq}, {aspect}, {date}' },
      folder_masters: { label: 'Folder of masters', help: '' },
      folder_clips: { label: 'Folder of clips', help: '' },
      folder_stills: { label: 'Folder of stills', help: 'HQ, Compressed and Thumbnails lie in it' },
      folder_research: { label: 'Folder of R&D files', help: 'High-res and Compressed lie in it' },
      copyright_text: { label: 'Copyright', help: 'Embedded in stills, clips and masters. Empty: none' },
      generate_log: { label: 'Write process_log.txt', help: 'In every project folder, at the end' },
    },
  },
  behaviour: {
    title: 'Behaviour',
    about: 'At once, unless it says otherwise.',
    settings: {
      extract_midpoint_stills: {
        label: 'Take stills of scenes',
        help: 'One near the middle of each. Off: new archives have clips only',
      },
      encoder_preference: {
        label: 'Encoder',
        help: 'NVENC needs a graphics card of NVIDIA; where there is none, x264 is used',
      },
      gpu_enabled: { label: 'Use the graphics card', help: 'Off: x264 always, whatever was asked for' },
      parallel_workers: {
        label: 'Steps at once',
        help: 'Over all sessions; never more than there are cores. After the next start',
      },
      cache_thumbnails: {
        label: 'Keep pictures of scenes',
        help: 'In the data folder, so that they are there at once the next time',
      },
      log_level: { label: 'Log', help: 'What is written down, from which weight on' },
      ui_theme: { label: 'Light or dark', help: 'For everybody. default: as each reader’s system' },
    },
  },
  detection: {
    title: 'Scene detection',
    about: 'What a new archive starts with; each can have its own.',
    settings: {
      detector_default: { label: 'Detector', help: '' },
      scene_threshold_default: { label: 'Threshold of content', help: '' },
      detector_thresholds: { label: 'Thresholds of the others', help: '' },
      min_scene_length_default: {
        label: 'Shortest scene',
        help: 'Frames. What would be shorter is no scene of its own',
      },
    },
  },
  paths: {
    title: 'Default paths',
    about: 'Where the last archive began; the next one’s form opens there.',
    settings: {
      last_master_directory: { label: 'Folder of masters', help: 'In the media folder. Empty: its top' },
      last_rd_directory: { label: 'Folder of R&D', help: 'In the media folder. Empty: its top' },
      last_output_directory: { label: 'Output folder', help: 'One of those below. Empty: the first' },
    },
  },
}

export const isGroup = (name: string): name is GroupName => Object.hasOwn(groups, name)

/** Keys of a group, in the order of the page. */
export const keysOf = (name: GroupName): SettingKey[] => Object.keys(groups[name].settings) as SettingKey[]

/** What people call a setting; its key where it is not on the page. */
export const settingLabel = (key: string): string =>
  Object.values(groups)
    .flatMap(({ settings }) => Object.entries(settings))
    .find(([known]) => known === key)?.[1].label ?? key

/** The groups with what stands in them: what is set, or what was typed and what is wrong with it. */
export function settingGroups(
  chosen: Settings,
  typed: Record<string, string> = {},
  problems: Partial<Record<string, string>> = {},
): Record<GroupName, SettingGroup> {
  const control = ([key, told]: [string, Told]): SettingControl => ({
    key,
    ...told,
    range: rangeFor(key as SettingKey),
    text: typed[key] ?? textOf(chosen[key as SettingKey]),
    problem: problems[key],
  })
  const built = Object.entries(groups).map(([name, { title, about, settings }]) => [
    name,
    { name, title, about, controls: Object.entries(settings).map(control) },
  ])
  return Object.fromEntries(built) as Record<GroupName, SettingGroup>
}

const rangeFor = (key: SettingKey): Range | null => settingRange(key)

function textOf(value: Settings[SettingKey]): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  return typeof value === 'object' ? JSON.stringify(value ?? {}) : String(value)
}
