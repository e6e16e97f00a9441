/** Joins class names. Component styles live in CSS's `components` layer, so a utility given later wins without merging. */
import { clsx } from 'clsx'

export const cn = clsx
