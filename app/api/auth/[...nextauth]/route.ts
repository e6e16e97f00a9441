/** Signing in through next-auth. */
import { authenticate } from '@/lib/border/auth'
import { services } from '@/lib/start'

const answer = (request: Request): Promise<Response> => authenticate(services(), request)

export { answer as GET, answer as POST }
