"""What PyTorch's optimizers, schedules and clipping do, as reference numbers: `python optim.py` writes optim.csv.

Each optimizer descends the same bent valley from the same point, in double precision. A row is a case, the step, and
the three parameters after it; for a schedule it is the rate of the step; for clipping the clipped gradient.
"""

import csv
import torch

torch.set_default_dtype(torch.float64)
START = [1.5, -0.75, 0.25]
STEPS = 12


def valley(p):
    x, y, z = p
    return (1 - x) ** 2 + 5 * (y - x * x) ** 2 + torch.sin(3 * z) * x + 0.5 * z * z


OPTIMIZERS = {
    "sgd": lambda p: torch.optim.SGD(p, lr=0.01),
    "sgd_momentum": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9),
    "sgd_nesterov": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.9, nesterov=True),
    "sgd_decay": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.8, weight_decay=0.1),
    "sgd_nesterov_decay": lambda p: torch.optim.SGD(p, lr=0.01, momentum=0.8, nesterov=True, weight_decay=0.1),
    "rms_prop": lambda p: torch.optim.RMSprop(p, lr=0.02),
    "rms_prop_smoothing": lambda p: torch.optim.RMSprop(p, lr=0.02, alpha=0.9, eps=1e-3),
    "adam": lambda p: torch.optim.Adam(p, lr=0.1),
    "adam_betas": lambda p: torch.optim.Adam(p, lr=0.1, betas=(0.8, 0.95), eps=1e-4),
    "adam_decay": lambda p: torch.optim.Adam(p, lr=0.1, weight_decay=0.1),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.1),
    "adamw_decay": lambda p: torch.optim.AdamW(p, lr=0.1, betas=(0.8, 0.95), eps=1e-4, weight_decay=0.3),
}

SCHEDULES = {
    "linear": lambda o: torch.optim.lr_scheduler.LinearLR(o, start_factor=1.0, end_factor=0.1, total_iters=8),
    "stairs": lambda o: torch.optim.lr_scheduler.StepLR(o, step_size=4, gamma=0.3),
    "exponential": lambda o: torch.optim.lr_scheduler.ExponentialLR(o, gamma=0.9),
    "cosine": lambda o: torch.optim.lr_scheduler.CosineAnnealingLR(o, T_max=12, eta_min=0.05),
    "warmup": lambda o: torch.optim.lr_scheduler.LinearLR(o, start_factor=0.25, total_iters=3),
}


def optimizer_rows():
    for name, make in OPTIMIZERS.items():
        p = torch.tensor(START, requires_grad=True)
        optimizer = make([p])
        for step in range(STEPS):
            optimizer.zero_grad()
            valley(p).backward()
            optimizer.step()
            yield [name, step, *p.tolist()]


def schedule_rows():
    for name, make in SCHEDULES.items():
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.5)
        scheduler = make(optimizer)
        for step in range(STEPS):
            yield [name, step, scheduler.get_last_lr()[0]]
            optimizer.step()
            scheduler.step()


def clipping_rows():
    for name, clip in {
        "clip_norm": lambda p: torch.nn.utils.clip_grad_norm_([p], 2.0),
        "clip_norm_unchanged": lambda p: torch.nn.utils.clip_grad_norm_([p], 20.0),
        "clip_values": lambda p: torch.nn.utils.clip_grad_value_([p], 2.0),
    }.items():
        p = torch.zeros(3, requires_grad=True)
        p.grad = torch.tensor([3.0, -4.0, 1.5])
        clip(p)
        yield [name, 0, *p.grad.tolist()]


with open("optim.csv", "w", newline="") as file:
    file.write(f"# Written by optim.py with PyTorch {torch.__version__}\n")
    writer = csv.writer(file, lineterminator="\n")
    for rows in (optimizer_rows(), schedule_rows(), clipping_rows()):
        for case, step, *numbers in rows:
            writer.writerow([case, step, *(repr(number) for number in numbers)])
