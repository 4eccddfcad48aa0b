"""Random lives through the real actions, beside a model of the design (part 6).

`model.py` imports nothing of the project and is read from the design alone; `play.py` does what
people do, with the product and with the model; `watch.py` compares both, and the product with what
it promised: messages, drafts, to-dos, previews, sentences. `make deep` plays two thousand of them;
`python -m tests.lives --seed N --life K --shrink` plays one again and leaves out what it can.
"""
