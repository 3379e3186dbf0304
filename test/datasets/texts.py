"""Prints what scikit-learn and Keras make of texts: python3 texts.py > texts.json (scikit-learn 1.9.1, Keras 3.15.1).

Words are cut by scikit-learn's CountVectorizer, characters by Keras; Keras' TextVectorization chooses the vocabulary and
gives the numbers of both. Both are handed texts in NFC, as neither normalizes; Keras' own small letters are those of
ASCII alone, so Python's are taken.
"""
import json
import random
import unicodedata
from keras.layers import TextVectorization
from sklearn.feature_extraction.text import CountVectorizer

fixed = random.Random(9)
drawn = [" ".join("".join(fixed.choice("abcdeABé1") for _ in range(fixed.randint(1, 2))) for _ in range(fixed.randint(1, 9)))
         for _ in range(60)]
corpora = {
    "ties": ["b a c", "c b a", "d", "ü z Z", "z é e\u0301"],
    "punctuation": ["Don't stop -- it's 3.14, isn't it?", "e-mail: me@x.org", "a\tb\nc\u00a0d", "!!! ...", "x\x01y\x07z"],
    "scripts": ["Straße STRASSE ΣΊΣΥΦΟΣ", "Привет, мир!", "你好 世界 你好", "caffè CAFFÈ cafe\u0300", "١٢٣ ½ x²", "Istanbul ISPARTA"],
    "astral": ["𝒜 𝒜 b", "\ufffdx 😀😀 ｚ 𐐀𐐨", "😀 𐐨"],
    "drawn": drawn,
    "long": ["one two three four five six seven eight nine ten " * 3, "ten ten nine"],
}
asked = ["a b C d", "", "ten nine zero", "DON'T", "z é 你好", "😀 𐐀", "Caffè ½ ١٢٣ x²", "...", "e\u0301 é E\u0301"]
small = lambda text: unicodedata.normalize("NFC", text.lower())
cut = CountVectorizer(token_pattern=r"(?u)[^\W_]+", lowercase=False).build_analyzer()
judged = []
for name, texts in corpora.items():
    for step in ["words", "characters"]:
        for length, size in [(4, 1000), (12, 9), (7, 5)]:
            split = "whitespace" if step == "words" else "character"
            keras = TextVectorization(max_tokens=size, standardize=None, split=split, output_sequence_length=length)
            given = lambda some: [" ".join(cut(small(text))) if step == "words" else small(text) for text in some]
            keras.adapt(given(texts))
            judged.append({
                "name": name,
                "step": {step: {"length": length, "vocabulary": size}},
                "texts": texts,
                "vocabulary": keras.get_vocabulary()[2:],
                "asked": asked,
                "expected": keras(given(asked)).numpy().tolist(),
            })
print(json.dumps(judged, ensure_ascii=True, indent=None, separators=(",", ":")))
