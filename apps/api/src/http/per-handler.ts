import type { ExecutionContext } from '@nestjs/common';

/**
 * What follows from a handler's declarations, computed once: metadata do not change while the process runs, and looking
 * them up costs more than most checks. By controller and method: a method may be inherited by two controllers.
 */
export function perHandler<T>(compute: (context: ExecutionContext) => T): (context: ExecutionContext) => T {
  const known = new WeakMap<object, Map<string, T>>();
  return (context) => {
    const controller = context.getClass();
    const { name } = context.getHandler();
    const ofController = known.get(controller) ?? new Map<string, T>();
    const found = ofController.get(name) ?? compute(context);
    known.set(controller, ofController.set(name, found));
    return found;
  };
}
