/** What may be decided about contacts' data. */
import { z } from 'zod'
import { consents, keptMonths, learnFrom } from './choices'

export const privacyChange = z
  .strictObject({
    keepMonths: z
      .int()
      .refine((months) => (keptMonths as readonly number[]).includes(months))
      .nullable(),
    learnFrom: z.enum(learnFrom),
  })
  .partial()
  .refine((change) => Object.keys(change).length > 0)
export type PrivacyChange = z.output<typeof privacyChange>

export const consentChange = z.strictObject({ trainingConsent: z.enum(consents).nullable() })
