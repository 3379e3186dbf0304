import { environment as keras } from './keras/setup.ts';
import { environment as mlflow } from './mlflow/setup.ts';
import { environment as optuna } from './optuna/setup.ts';
import { installEnvironment } from './python-environment.ts';
import { environment as ray } from './ray/setup.ts';
import { environment as moto } from './s3/setup.ts';
import setUpEngine from './set-up-engine.ts';

// What the long tests' set-up installs, ahead of it: Keras' environment shares libraries with the engine.
await setUpEngine();
await installEnvironment(mlflow);
await installEnvironment(optuna);
await installEnvironment(ray);
await installEnvironment(moto);
await installEnvironment(keras);
