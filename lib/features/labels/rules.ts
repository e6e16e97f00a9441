/** Which colours a label may have. Pure: browsers load it. */

/** Names of the Okabe–Ito colours that the desk draws dots in (see app/_ui/chip.tsx). */
export const labelColours = ['grey', 'orange', 'sky', 'green', 'yellow', 'blue', 'red', 'pink'] as const
export type LabelColour = (typeof labelColours)[number]
