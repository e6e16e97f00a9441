/** A contact that was erased leaves a token that opens nothing. */
import { AppError, isAppError } from '../core/errors'

/** For `catch` on the visitor's path: what is not found there is the visitor. */
export const unlessGone = (error: unknown): never => {
  throw isAppError(error) && error.code === 'not_found' ? new AppError('token_invalid') : error
}
