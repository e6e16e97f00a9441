/** A model's label for an intent: what stays when the intent's name changes. */
import { z } from 'zod'

export const intentKey = z.string().regex(/^[a-z0-9][a-z0-9_]{0,63}$/)
