"""Random evenings and random plans through the real actions, each beside a model of the design.

`sheet_model.py` and `told_model.py` import nothing of the project: they are a second reading of the
ledger (R-130, R-131, R-375..R-378, C-44, C-49). `sheet_play.py` and `told_play.py` do what people
do, with the product and with the model, and compare both after every act. A few run with the suite;
`make deep` plays more than a thousand of each.
"""
