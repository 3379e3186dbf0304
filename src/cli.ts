#!/usr/bin/env node
import nodeModule from 'node:module';
import { join } from 'node:path';
import { userCache } from './base/user-cache.ts';

// Node keeps what it compiles from 22.8 on, and starts a third sooner then: only of what is imported after it was
// asked to, so the program is. Not in Node's own place, as that is below `/tmp`, where others may put code for us.
if ('enableCompileCache' in nodeModule && typeof nodeModule.enableCompileCache === 'function')
  nodeModule.enableCompileCache(join(userCache(), 'compiled'));
void import('./program.ts').then(({ runProgram }) => runProgram());
