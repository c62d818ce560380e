import type { LoadedConfig } from '../../config/load.ts'
import { createSecrets } from '../../core/secrets/secrets.ts'
import { createRouter } from '../../routing/router.ts'
import { configure } from '../../server/configured.ts'

/**
 * What only the whole of a configuration shows, exactly as `serve` would find it, without starting: throws
 * StartRefused where access keys are missing, ConfigFaults where a backend or a selector leads nowhere.
 */
export function checkStart(loaded: LoadedConfig, env: NodeJS.ProcessEnv): void {
  configure(loaded, {
    env,
    // Nothing is sent: where the demo would listen plays no part.
    demoUrl: 'http://127.0.0.1:1',
    secrets: createSecrets(),
    demoDefault: false,
    isAccessKey: () => false,
    makeRouter: (settings) => createRouter(settings, { listsModel: () => undefined }),
  })
}
