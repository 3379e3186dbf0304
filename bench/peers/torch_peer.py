"""The nets of the bench in PyTorch, eager, channels_last, one thread per core."""
import os
import torch
import torch.nn as nn, torch.nn.functional as F
from clock import Epoch, arguments
from idx import read


def mnist():
    conv = lambda before, after: nn.Conv2d(before, after, 3, padding=1, bias=False)
    return nn.Sequential(conv(1, 32), nn.ReLU(), nn.MaxPool2d(2), conv(32, 64), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(3136, 10))


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))


class Lstm(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm, self.dense = nn.LSTM(28, 64, batch_first=True), nn.Linear(64, 10)

    def forward(self, images):
        return self.dense(self.lstm(images.squeeze(1))[0][:, -1])


def conv(before, after, size, stride):
    return nn.Sequential(nn.Conv2d(before, after, size, stride, padding=size // 2, bias=False), nn.BatchNorm2d(after))


class Block(nn.Module):
    def __init__(self, before, after, stride):
        super().__init__()
        self.body = nn.Sequential(conv(before, after, 3, stride), nn.ReLU(), conv(after, after, 3, 1))
        self.shortcut = nn.Identity() if stride == 1 else conv(before, after, 1, stride)

    def forward(self, x):
        return F.relu(self.body(x) + self.shortcut(x))


def resnet(blocks):
    """As in keras_peer.py."""
    stages, before = [], 16
    for stage, after in enumerate([16, 32, 64]):
        for i in range(blocks):
            stages.append(Block(before, after, 2 if stage > 0 and i == 0 else 1))
            before = after
    return nn.Sequential(conv(3, 16, 3, 1), nn.ReLU(), *stages, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


nets = {"mnist": mnist, "mlp": mlp, "lstm": Lstm, "resnet8": lambda: resnet(1), "resnet20": lambda: resnet(3)}

args = arguments(__doc__, nets)
torch.set_num_threads(os.cpu_count() or 1)
images, labels = read(args.data, "train", args.images)
x = (torch.tensor(images).permute(0, 3, 1, 2).float() / 255).contiguous(memory_format=torch.channels_last)
y = torch.tensor(labels).long()
model = nets[args.work]().to(memory_format=torch.channels_last)
optimizer = torch.optim.Adam(model.parameters(), 1e-3)
for _ in range(args.epochs):
    epoch, total, order = Epoch(args.images), 0.0, torch.randperm(args.images)
    for rows in order.split(args.batch):
        optimizer.zero_grad(set_to_none=True)
        loss = F.cross_entropy(model(x[rows]), y[rows])
        loss.backward()
        optimizer.step()
        total += loss.detach() * len(rows)
    epoch.end(total / args.images)
