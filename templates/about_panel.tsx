/**
 * What this Cutroom is, and what its ffmpeg can do.
 */

export interface AboutData {
  version: string
  ffmpeg: string
  nvenc: boolean
  cores: number
  filters: readonly string[]
}

/** What each filter is for, and what is done without it. */
const filterUses: [name: string, use: string, without: string][] = [
  ['zscale', 'HDR is tone-mapped', 'HDR looks flat in stills and clips'],
  ['tonemap', 'HDR is tone-mapped', 'HDR looks flat in stills and clips'],
  [
    'premultiply',
    'half-transparent edges keep their brightness',
    'half-transparent edges come out too bright',
  ],
]

export const AboutPanel = ({ version, ffmpeg, nvenc, cores, filters }: AboutData) => (
  <section class='panel' id='about' aria-labelledby='about-title'>
    <header>
      <h2 id='about-title'>About</h2>
    </header>
    <dl class='facts'>
      <dt>Cutroom</dt>
      <dd>{version}</dd>
      <dt>ffmpeg</dt>
      <dd>{ffmpeg}</dd>
      <dt>Cores</dt>
      <dd>{cores}</dd>
      <dt>Encoders</dt>
      <dd>
        x264 for the picture, AAC for the sound;{' '}
        {nvenc ? 'NVENC works here' : 'NVENC does not work here, so x264 is used where it is asked for'}
      </dd>
      {filterUses.map(([name, use, without]) => (
        <>
          <dt>{name}</dt>
          <dd>{filters.includes(name) ? `there: ${use}` : `not there: ${without}`}</dd>
        </>
      ))}
    </dl>
    <p class='soft'>
      How long things are kept, backups and the schedule are on <a href='/upkeep'>Upkeep</a>.
    </p>
  </section>
)
