/** The one piece of news inside the frame: something changed, draw again. */

let draw = () => {}

export const changed = () => draw()
export const whenChanged = (drawAll: () => void) => {
  draw = drawAll
}
