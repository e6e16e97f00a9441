/** Says how many characters are left of a very long text, or too many. */
import { find, make, write } from '../frame/dom'
import { word } from './words'

/** The server's limit, and from how many left on it is said. */
const LIMIT = 8000
const NEAR = 500

const draft = find<HTMLTextAreaElement>('draft')
const said = make('p', { id: 'count', role: 'status' })
find('form').append(said)
draft.setAttribute('aria-describedby', said.id)

export function count() {
  const left = LIMIT - [...draft.value].length
  draft.ariaInvalid = `${left < 0}`
  write(said, left < 0 ? -left + word('over') : left < NEAR ? left + word('left') : '')
}
