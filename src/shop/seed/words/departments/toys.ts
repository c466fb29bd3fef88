import type { Department } from './department.js';

export const toys: Department = {
  name: 'Toys and Games',
  description: 'Things to play with that survive being played with.',
  traits: ['no batteries at all', 'a promise to replace lost pieces', 'a cotton bag to keep it in'],
  uses: [
    'It keeps two children busy, or one grown-up.',
    'Rainy Sundays are what it was made for.',
    'It has been tested by a kindergarten, and has passed.',
  ],
  groups: [
    {
      name: 'Wooden Toys',
      description: 'Warm to the touch, hard to break.',
      materials: ['Maple', 'Beech', 'Painted', 'Rainbow', 'Natural'],
      traits: [
        'paint that may be chewed',
        'corners without splinters',
        'parts too big to swallow',
        'wheels that run quietly',
      ],
      uses: [
        'It is handed on to younger brothers and sisters, and to their children.',
        'It goes with the blocks and trains you have.',
      ],
      shelves: [
        ['Building Blocks', ['Building Blocks', 'Stacking Rings', 'Marble Run'], 14, 149],
        ['Train Sets', ['Train Set', 'Wooden Train', 'Railway Bridge'], 9, 179],
        ['Pull-Along Toys', ['Pull-Along Dog', 'Pull-Along Duck', 'Push Cart'], 14, 89],
        ["Dolls' Houses", ["Dolls' House", "Dolls' House Furniture", 'Puppet Theatre'], 19, 249],
        ['Play Kitchens', ['Play Kitchen', 'Play Food Set', 'Tea Set'], 12, 229],
      ],
    },
    {
      name: 'Board Games',
      description: 'For the evening after the meal.',
      materials: ['Classic', 'Travel', 'Family', 'Deluxe', 'Pocket'],
      traits: [
        'rules that fit on a card',
        'pictures drawn by hand',
        'a box that closes, even later on',
        'pieces that feel good in the hand',
      ],
      uses: ['It is learned in five minutes and played for years.', 'It is loud only if you are.'],
      shelves: [
        ['Strategy Games', ['Strategy Game', 'Trading Game', 'Chess Set'], 19, 149],
        ['Family Games', ['Family Game', 'Memory Game', 'Ludo Board'], 9, 59],
        ['Card Games', ['Card Game', 'Playing Cards', 'Trick-Taking Game'], 5, 29],
        ['Cooperative Games', ['Cooperative Game', 'Rescue Game', 'Detective Game'], 14, 79],
        ['Dice Games', ['Dice Game', 'Dice Set', 'Backgammon Set'], 6, 119],
      ],
    },
    {
      name: 'Puzzles',
      description: 'A thousand pieces, one table.',
      materials: ['Wooden', 'Classic', 'Giant', 'Beech', 'Magnetic'],
      traits: [
        'pieces that click into place',
        'pictures that reward a second look',
        'no two pieces alike',
        'a poster as a guide',
      ],
      uses: ['It takes an evening, or all of a holiday.', 'It is easy to begin and hard to leave.'],
      shelves: [
        ['Jigsaw Puzzles', ['Jigsaw Puzzle', 'Panorama Puzzle', 'Round Puzzle'], 9, 59],
        ["Children's Puzzles", ['Peg Puzzle', 'Floor Puzzle', 'Frame Puzzle'], 7, 39],
        ['Brain Teasers', ['Brain Teaser', 'Puzzle Box', 'Burr Puzzle'], 7, 69],
        ['Construction Kits', ['Construction Kit', 'Crane Kit', 'Ball Track Kit'], 17, 229],
        ['Model Kits', ['Model Kit', 'Glider Kit', 'Ship Model'], 12, 149],
      ],
    },
    {
      name: 'Outdoor Play',
      description: 'Fresh air included.',
      materials: ['Rainbow', 'Beech', 'Canvas', 'Giant', 'Classic'],
      traits: [
        'ropes and lines that do not burn the hands',
        'knots that hold',
        'a size that grows with the child',
        'colours that can be seen from afar',
      ],
      uses: ['It wants a meadow and a little wind.', 'It brings children home tired.'],
      shelves: [
        ['Kites', ['Kite', 'Stunt Kite', 'Wind Spinner'], 9, 119],
        ['Balls', ['Ball', 'Juggling Balls', 'Skittles Set'], 6, 59],
        ['Swings', ['Swing', 'Nest Swing', 'Climbing Rope'], 24, 249],
        ['Sandpit Toys', ['Sandpit Set', 'Bucket and Spade', 'Water Wheel'], 7, 59],
        ['Ride-Ons', ['Balance Bike', 'Scooter', 'Pedal Car'], 39, 249],
      ],
    },
  ],
};
