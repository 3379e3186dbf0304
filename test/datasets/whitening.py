"""Prints a table of correlated numbers, and what scikit-learn's StandardScaler and PCA(whiten=True) make of it, turned
back onto the columns (ZCA), fitted to the training rows alone:
python3 whitening.py > whitening.json (NumPy 2.4.6, scikit-learn 1.9.1)."""
import json

import numpy as np
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

random = np.random.default_rng(7)
mixing = random.normal(size=(4, 4))
train, test = (np.round(random.normal(size=(count, 4)) @ mixing + [3, 0, -50, 7], 3) for count in (40, 6))
scaled = StandardScaler().fit(train)
pca = PCA(whiten=True).fit(scaled.transform(train))
zca = pca.transform(scaled.transform(test)) @ pca.components_
print(json.dumps({"train": train.tolist(), "test": test.tolist(), "zca": zca.tolist()}))
