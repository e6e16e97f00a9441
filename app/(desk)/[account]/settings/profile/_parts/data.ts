/** What the profile page reads about the person. */

export interface MyProfile {
  id: string
  name: string
  email: string
  locale: 'en' | 'zh-CN'
  hasPassword: boolean
  verified: boolean
}

/** The same answer as the desk's own "who am I", under the same key. */
export const meKey = ['me'] as const
