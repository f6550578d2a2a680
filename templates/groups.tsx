/**
 * Groups of scenes: each becomes one seamless clip.
 */

import type { GroupData, SessionData } from './data.ts'
import { Icon } from './icon.tsx'
import { inOrder, isChoosable } from './scene_grid.tsx'
import { ScenePicture } from './scene_picture.tsx'
import { countText } from './words.ts'

export const groupsId = (key: string) => `groups-${key}`

export function Groups(data: SessionData) {
  const { session, groups } = data
  const open = isChoosable(data)
  return (
    <section
      class='stack'
      id={groupsId(session.key)}
      aria-labelledby='groups-title'
      hidden={groups.length === 0}
    >
      <h2 id='groups-title'>
        Groups <span class='soft'>each becomes one clip, its scenes played without a seam</span>
      </h2>
      <ol class='groups'>
        {groups.map((group, index) => (
          <Group data={data} group={group} index={index} open={open} />
        ))}
      </ol>
    </section>
  )
}

interface GroupProps {
  data: SessionData
  group: GroupData
  index: number
  open: boolean
}

function Group(props: GroupProps) {
  const { data, group, index } = props
  const seconds = data.scenes
    .filter(({ number }) => group.scenes.includes(number))
    .reduce((sum, scene) => sum + scene.end_time - scene.start_time, 0)
  return (
    <li class='group' id={`group-${group.key}`}>
      <div class='film'>
        {data.scenes
          .filter(({ number }) => group.scenes.includes(number))
          .slice(0, 8)
          .map((scene) => (
            <ScenePicture sessionKey={data.session.key} scene={scene} />
          ))}
      </div>
      {props.open ? <Controls {...props} /> : <p>{group.name ?? `Group ${index + 1}`}</p>}
      <p class='soft'>
        {countText(group.scenes.length, 'scene')}: {group.scenes.join(', ')} · {seconds.toFixed(1)} s
      </p>
    </li>
  )
}

function Controls({ data: { session, groups }, group, index }: GroupProps) {
  const base = `/sessions/${session.key}/groups/${group.key}`
  const name = group.name ?? `Group ${index + 1}`
  const sync = inOrder(session.key)
  return (
    <div class='row'>
      <form
        method='post'
        action={base}
        hx-patch={base}
        hx-trigger='change, submit'
        hx-sync={sync}
        hx-swap='none'
        class='row'
      >
        <input
          id={`name-${group.key}`}
          name='name'
          value={group.name ?? ''}
          placeholder={`Group ${index + 1}`}
          aria-label={`Name of group ${index + 1}`}
          maxlength={100}
          autocomplete='off'
        />
        <noscript>
          <button>Name</button>
        </noscript>
      </form>
      <form method='post' action={base} hx-patch={base} hx-sync={sync} hx-swap='none' class='row tight'>
        <button
          class='square quiet'
          name='move'
          value='up'
          disabled={index === 0}
          aria-label={`Move ${name} up`}
        >
          <Icon name='up' />
        </button>
        <button
          class='square quiet'
          name='move'
          value='down'
          disabled={index === groups.length - 1}
          aria-label={`Move ${name} down`}
        >
          <Icon name='down' />
        </button>
      </form>
      <form method='post' action={`${base}/delete`} hx-delete={base} hx-sync={sync} hx-swap='none'>
        <button class='square quiet' aria-label={`Remove ${name}`}>
          <Icon name='remove' />
        </button>
      </form>
    </div>
  )
}
